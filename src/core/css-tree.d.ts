/** What is used of css-tree's selector parser, which has no types of its own and is far smaller than the whole library. */
declare module 'css-tree/selector-parser' {
  /** Where something stands; offsets are UTF-16 units from 0. */
  interface CssLocation {
    start: { offset: number };
    end: { offset: number };
  }

  /** A linked list; only what walking it needs. */
  interface CssList {
    toArray(): CssNode[];
  }

  /** One node of a selector's tree. */
  export interface CssNode {
    type: string;
    loc: CssLocation;
    /** Absent on attribute selectors, where it is a node of its own. */
    name: string | CssNode;
    /** null where there are no parentheses. */
    children?: CssList | null;
    /** Of `of S` in `:nth-child()`. */
    selector?: CssNode | null;
    nth?: CssNode;
    /** Text of `Raw`, the arguments of pseudo-classes that take no selectors. */
    value?: string | CssNode | null;
    /** Of attribute selectors: `i` or `s`. */
    flags?: string | null;
  }

  /** Throws an Error with `offset` when the text is no selector. */
  export default function parse(text: string, options: { context: 'selectorList'; positions: true }): CssNode;
}
