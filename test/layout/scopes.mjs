/**
 * The scopes of a minified script: what each declares, and every place where it is named. Knows the part of the
 * language that the tracker is written in and throws at the rest, so that nothing is renamed by guesswork.
 */
import { parseAst } from 'vite';

/**
 * @typedef {object} Scope
 * @property {Scope | undefined} outer
 * @property {Binding[]} bindings what it declares
 * @property {Set<Binding>} foreign what is named in it, or in scopes within it, and declared outside
 *
 * @typedef {object} Binding
 * @property {string} name as the script has it
 * @property {string} short the name it is given
 * @property {Scope} scope
 * @property {Set<Scope>} seen scopes between its own and the places that name it
 * @property {boolean} isTop whether it is declared at the top
 *
 * @typedef {object} Place where a name stands, with the name of the property it is the value of, if it is
 * @property {number} start
 * @property {number} end
 * @property {Binding} binding
 * @property {string | undefined} key
 */

const FUNCTIONS = /^(Arrow)?Function(Expression)?$/;
const SCOPES = /^(Program|BlockStatement|For(Of|In)?Statement|CatchClause)$/;
const UNKNOWN = /^(FunctionDeclaration|Class.*|LabeledStatement|WithStatement|Import(Declaration|Specifier)|Export.*)$/;

const isNode = (value) => typeof value?.type === 'string';
const childrenOf = (node) => Object.values(node).flat().filter(isNode);

/** The identifiers that a pattern declares. */
function declaredIn(pattern) {
  if (!pattern) return [];
  if (pattern.type === 'Identifier') return [pattern.name];
  if (pattern.type === 'AssignmentPattern') return declaredIn(pattern.left);
  if (pattern.type === 'RestElement') return declaredIn(pattern.argument);
  if (pattern.type === 'ArrayPattern') return pattern.elements.flatMap(declaredIn);
  return pattern.properties.flatMap((property) => declaredIn(property.value ?? property));
}

/** The names that `let` and `const` declare directly among statements. */
function letsIn(statements) {
  return statements.flatMap((statement) => {
    if (statement?.type !== 'VariableDeclaration') return [];
    if (statement.kind === 'var') throw new Error('`var` has scopes of its own: write `let`.');
    return statement.declarations.flatMap(({ id }) => declaredIn(id));
  });
}

/** What a node that opens a scope declares in it. */
function namesOf(node) {
  if (FUNCTIONS.test(node.type)) {
    if (node.id) throw new Error('A function expression has a name.');
    return [...node.params.flatMap(declaredIn), ...letsIn(node.body.type === 'BlockStatement' ? node.body.body : [])];
  }
  if (node.type === 'CatchClause') return [...declaredIn(node.param), ...letsIn(node.body.body)];
  return letsIn(node.body.length === undefined ? [node.left ?? node.init] : node.body);
}

/** @returns {Binding} */
const bindingOf = (name, scope) => ({
  ...{ name, short: name, scope, seen: new Set() },
  isTop: scope.outer !== undefined && scope.outer.outer === undefined,
});

/** @returns {{ tree: object, places: Place[], bindings: Binding[] }} the places in the order they stand; bindings but those of the page */
export function readScopes(code) {
  const tree = parseAst(code);
  const places = [];
  const bindings = [];
  // What is declared nowhere is the page's, and keeps its name.
  const page = { outer: undefined, bindings: [], foreign: new Set() };

  const open = (node, outer) => {
    const scope = { outer, bindings: [], foreign: new Set() };
    for (const name of namesOf(node)) scope.bindings.push(bindingOf(name, scope));
    bindings.push(...scope.bindings);
    return scope;
  };
  const note = ({ name, start, end }, scope, property) => {
    let at = scope;
    const find = () => at.bindings.find((one) => one.name === name);
    while (at !== page && !find()) at = at.outer;
    if (!find()) at.bindings.push(bindingOf(name, page));
    const binding = find();
    for (let passed = scope; passed !== at; passed = passed.outer) {
      passed.foreign.add(binding);
      binding.seen.add(passed);
    }
    places.push({ start: property?.start ?? start, end, binding, key: property?.name });
  };
  const visitProperty = (node, scope) => {
    if (node.computed) visit(node.key, scope);
    const holder = node.value.type === 'AssignmentPattern' ? node.value.left : node.value;
    const isPlain = !node.computed && !node.method && node.key.type === 'Identifier' && holder.type === 'Identifier';
    if (!isPlain) return visit(node.value, scope);
    note(holder, scope, node.key);
    if (holder !== node.value) visit(node.value.right, scope);
  };
  const visit = (node, scope) => {
    if (UNKNOWN.test(node.type)) throw new Error(`The script has a ${node.type}, which it had not.`);
    if (node.type === 'Identifier') return note(node, scope);
    if (node.type === 'Property') return visitProperty(node, scope);
    const isFunction = FUNCTIONS.test(node.type);
    const inner = isFunction || SCOPES.test(node.type) ? open(node, scope) : scope;
    // A body has the scope of the function or clause whose body it is.
    const isWhole = isFunction || node.type === 'CatchClause';
    const isMember = node.type === 'MemberExpression' && !node.computed;
    for (const child of isMember ? [node.object] : childrenOf(node)) {
      if (isWhole && child.type === 'BlockStatement') for (const statement of child.body) visit(statement, inner);
      else visit(child, inner);
    }
  };
  visit(tree, page);
  return { tree, places: places.sort((one, other) => one.start - other.start), bindings };
}

/** Whether a binding can be given a name without any place meaning something else than before. */
export function isFree(binding, name) {
  const { scope, seen } = binding;
  const clashes = (other) => other !== binding && other.short === name;
  if (scope.bindings.some(clashes)) return false;
  for (const other of scope.foreign) if (clashes(other)) return false;
  for (const between of seen) if (between.bindings.some(clashes)) return false;
  return true;
}
