/** The script as parts that can change their order and names without changing what it does. */
import { isFree, readScopes } from './scopes.mjs';

/**
 * The order and names of a script: by the first name that each declaration at the top has in the source, in the order
 * they shall stand, the names in it, `long=short`, in the order they appear. What is no declaration stands last.
 * @typedef {Record<string, string>} Layout
 *
 * @typedef {import('./scopes.mjs').Binding} Binding
 *
 * @typedef {object} Part a declaration at the top, or, last, all that comes after them
 * @property {string} key
 * @property {(string | import('./scopes.mjs').Place)[]} pieces its text
 * @property {Binding[]} bindings what is declared in it, in the order it appears
 * @property {Set<Part>} needs what must be declared before
 *
 * @typedef {object} Script
 * @property {Part[]} parts
 * @property {Binding[]} bindings
 */

/** Letters of names, those first that a script has most of. */
const LETTERS = [...'etarnolispcudfhmgwxbyv$kS_jEOMNTLDRCFAIUqJPzHBWGYKQVXZ'];
const RESERVED = ['as', 'do', 'if', 'in', 'is', 'of'];

/** Names, the shortest first. */
export const NAMES = [...LETTERS, ...LETTERS.flatMap((one) => LETTERS.map((other) => one + other))].filter(
  (name) => !RESERVED.includes(name),
);

/** A bundle without what modules alone need: its end, and functions that only set a variable for another module. */
export const bare = (code) => code.replace(/;?\s*$/, '').replace(/\((\w+)=>\{(\w+)=\1\}\)\((\w+)\)/g, '$2=$3');

const childrenOf = (node) =>
  Object.values(node)
    .flat()
    .filter((child) => typeof child?.type === 'string');

const isFunction = (node) => node?.type.endsWith('FunctionExpression');

/** Text and places between two offsets. */
function piecesOf(code, places, { start, end }) {
  const pieces = [];
  let at = start;
  for (const place of places) {
    if (place.start < start || place.end > end) continue;
    pieces.push(code.slice(at, place.start), place);
    at = place.end;
  }
  return [...pieces, code.slice(at, end)];
}

/**
 * Finds the parts that are used when a declaration is evaluated. A function that is only made uses nothing yet; one that
 * is called, or handed to a call, may use all that it names, and what that names in turn. To call a function that does
 * nothing but make another (`safely`) calls nothing.
 */
function needsOf(nodes, parts, places) {
  const homes = new Map(parts.flatMap((part) => part.bindings.map((binding) => [binding, part])));
  const partAt = new Map(places.map((place) => [place.end, homes.get(place.binding)]));
  const makesFunctions = ({ init }) => isFunction(init) && isFunction(init.body);
  const all = (node, found) => {
    const part = node.type === 'Identifier' && partAt.get(node.end);
    if (part && !found.has(part)) all(nodes[parts.indexOf(found.add(part) && part)], found);
    for (const child of childrenOf(node)) all(child, found);
  };
  const evaluated = (node, found) => {
    if (isFunction(node)) return;
    const part = node.type === 'Identifier' && partAt.get(node.end);
    if (part) found.add(part);
    const called = /^(Call|New)Expression$/.test(node.type) && node.callee;
    const callee = called && called.type === 'Identifier' && partAt.get(called.end);
    const isHarmless = callee && makesFunctions(nodes[parts.indexOf(callee)]);
    for (const child of childrenOf(node)) {
      if (called && !isHarmless && (isFunction(child) || child === called)) all(child, found);
      else evaluated(child, found);
    }
  };
  return nodes.map((node, index) => {
    const found = new Set();
    if (node.init) evaluated(node.init, found);
    found.delete(parts[index]);
    return found;
  });
}

/** @returns {Script} a script that is one `let` and then statements, taken apart */
export function readScript(code) {
  const { tree, places, bindings } = readScopes(code);
  const [first, ...rest] = tree.body;
  if (first?.type !== 'VariableDeclaration') throw new Error('The script does not begin with its declarations.');
  const last = { type: 'Program', start: first.end, end: code.length, body: rest };
  const nodes = [...first.declarations, last];
  const parts = nodes.map((node) => ({
    key: '',
    pieces: piecesOf(code, places, node),
    bindings: [],
    needs: new Set(),
  }));
  const seen = new Set();
  nodes.forEach(({ start, end, id }, index) => {
    for (const place of places.filter((one) => one.start >= start && one.end <= end)) {
      const { binding } = place;
      if (seen.has(binding) || (binding.isTop && !(place.end <= id?.end)) || !binding.scope.outer) continue;
      seen.add(binding);
      parts[index].bindings.push(binding);
    }
    if (id) parts[index].key = parts[index].bindings[0].name;
  });
  needsOf(nodes, parts, places).forEach((needs, index) => {
    parts[index].needs = needs;
  });
  return { parts, bindings };
}

/** The script's text: `{key: value}` is written short where the names allow it. */
export function writeScript({ parts }) {
  const texts = parts.map(({ pieces }) =>
    pieces
      .map((piece) => {
        if (typeof piece === 'string') return piece;
        const { binding, key = binding.short } = piece;
        return key === binding.short ? key : `${key}:${binding.short}`;
      })
      .join(''),
  );
  return `let ${texts.slice(0, -1).join(',')};${texts.at(-1)}`;
}

/** Whether every part stands after those it needs. */
export function isInOrder(parts) {
  const before = new Set();
  return parts.every((part) => before.add(part) && [...part.needs].every((needed) => before.has(needed)));
}

/** The parts as a layout orders them: those it does not know stay behind their neighbour, and needs come first. */
function ordered(parts, layout) {
  const ranks = new Map(Object.keys(layout).map((key, index) => [key, index]));
  let rank = -1;
  const ranked = parts.map((part) => {
    rank = ranks.get(part.key) ?? rank;
    return { part, rank: part === parts.at(-1) ? Number.POSITIVE_INFINITY : rank };
  });
  const sorted = new Set();
  const add = (part) => {
    for (const needed of part.needs) if (!sorted.has(needed)) add(needed);
    sorted.add(part);
  };
  for (const { part } of ranked.sort((one, other) => one.rank - other.rank)) add(part);
  return [...sorted];
}

/** Gives all bindings the names of a layout where they are known and fit, then the rest the shortest that fit. */
function name({ parts, bindings }, layout) {
  bindings.forEach((binding, index) => {
    binding.short = `_${index}_`;
  });
  const left = [];
  for (const { key, bindings: own } of parts) {
    const known = (layout[key] ?? '').split(' ').map((entry) => entry.split('='));
    for (const binding of own) {
      const at = known.findIndex(([long]) => long === binding.name);
      const [[, short] = []] = at < 0 ? [] : known.splice(at, 1);
      if (NAMES.includes(short) && isFree(binding, short)) binding.short = short;
      else left.push(binding);
    }
  }
  for (const binding of left) binding.short = NAMES.find((short) => isFree(binding, short));
}

/** Which declaration each place means, by numbers in the order they appear: alike in scripts that do alike. */
function meaningsIn(code) {
  const { places } = readScopes(code);
  const found = [...new Set(places.map(({ binding }) => binding))];
  return places.map(({ binding }) => found.indexOf(binding)).join(' ');
}

/** Puts a script in the order and names of a layout. @param {Script} script @param {Layout} layout */
export function arrange(script, layout) {
  script.parts = ordered(script.parts, layout);
  script.bindings.forEach((binding, index) => {
    binding.short = `_${index}_`;
  });
  const meanings = meaningsIn(writeScript(script));
  name(script, layout);
  const code = writeScript(script);
  if (meaningsIn(code) !== meanings) throw new Error('A name means something else than it did.');
  return code;
}

/** The layout that a script has. @param {Script} script */
export function layoutOf({ parts }) {
  return Object.fromEntries(
    parts.map(({ key, bindings }) => [key, bindings.map((binding) => `${binding.name}=${binding.short}`).join(' ')]),
  );
}
