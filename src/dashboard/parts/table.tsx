/** A table of rows: its columns are named in one place, and where it is too wide it scrolls instead of its page. */
import type { ComponentChildren } from 'preact';

/** One column: its name, or that and how it is shown; false where it is left out. */
export type Column = string | false | { name: string; as: 'number' | 'unseen' };

/** A column of figures, which end at one edge. */
export const numeric = (name: string): Column => ({ name, as: 'number' });

/** A column whose cells speak for themselves; its name is for those who do not see them. */
export const unseen = (name: string): Column => ({ name, as: 'unseen' });

interface TableOptions {
  columns: readonly Column[];
  /** Classes besides `rows`, e.g. `stack`. */
  look?: string;
  /** What it is, where no heading says so; read out, not shown. */
  caption?: string;
  /** Rows of the body. */
  children: ComponentChildren;
}

/** The table, with a body that the caller fills. */
export function Table({ columns, look, caption, children }: TableOptions) {
  return (
    <div class="table-scroll">
      <table class={look === undefined ? 'rows' : `rows ${look}`}>
        {caption && <caption class="hidden">{caption}</caption>}
        <thead>
          <tr>{columns.map(headOf)}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function headOf(column: Column) {
  if (column === false) return null;
  const { name, as } = typeof column === 'string' ? { name: column, as: undefined } : column;
  return (
    <th key={name} scope="col" class={as === 'number' ? 'number' : undefined}>
      {as === 'unseen' ? <span class="hidden">{name}</span> : name}
    </th>
  );
}

/** A cell that ends what its row shows; `of` says which to those who hear the button alone. */
export function EndingCell({ word, of, onEnd }: { word: string; of: string; onEnd: () => void }) {
  return (
    <td>
      <button type="button" class="plain danger" onClick={onEnd}>
        {word}
        <span class="hidden"> {of}</span>
      </button>
    </td>
  );
}
