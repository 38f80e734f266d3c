/**
 * `npm run bench -- layout [--minutes 10] [--seed 1]`: looks for an order and names of the tracker that Brotli packs
 * tighter, beginning with those it has, and writes what it found to `src/tracker/layout.json`, which builds follow.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { isFree } from '../layout/scopes.mjs';
import { arrange, bare, isInOrder, layoutOf, NAMES, readScript, writeScript } from '../layout/script.mjs';
import { brotliBytes, printTable } from './report.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = `${root}src/tracker/layout.json`;
/** How many bytes worse a step may be at the beginning, by chance; nothing at the end. */
const HEAT_BYTES = 0.2;
/** The letters that names within functions are tried from, and names at the top. */
const INNER_NAMES = 16;
const TOP_NAMES = 160;

/** The tracker's code before it is arranged. */
async function codeBefore() {
  let code = '';
  const capture = {
    name: 'capture',
    generateBundle: {
      order: 'pre',
      handler(_, bundle) {
        for (const chunk of Object.values(bundle)) code = chunk.code;
      },
    },
  };
  const configFile = `${root}vite.config.ts`;
  const options = { logLevel: 'silent', plugins: [capture], build: { write: false } };
  await build({ root, configFile, mode: 'tracker-layout', ...options });
  return bare(code);
}

/** Numbers from 0 to 1 that the seed decides (mulberry32). */
function chanceOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Gives one binding another name, which it swaps with whoever had it; returns what undoes that, if it could be done. */
function rename(binding, name) {
  const { short, scope } = binding;
  const other = scope.bindings.find((one) => one !== binding && one.short === name);
  const undo = () => {
    binding.short = short;
    if (other) other.short = name;
  };
  binding.short = '';
  if (other && isFree(other, short)) other.short = short;
  if (isFree(binding, name)) {
    binding.short = name;
    return undo;
  }
  undo();
  return undefined;
}

/** Moves some declarations elsewhere; returns what undoes that, if they may stand there. */
function move(script, chance) {
  const { parts } = script;
  const many = 1 + Math.floor(chance() * chance() * 12);
  const from = Math.floor(chance() * (parts.length - 1 - many));
  const moved = [...parts.slice(0, from), ...parts.slice(from + many)];
  moved.splice(Math.floor(chance() * moved.length), 0, ...parts.slice(from, from + many));
  if (!isInOrder(moved)) return undefined;
  script.parts = moved;
  return () => {
    script.parts = parts;
  };
}

/** One change by chance. */
function step(script, chance) {
  if (chance() < 0.25) return move(script, chance);
  const binding = script.bindings[Math.floor(chance() * script.bindings.length)];
  const names = binding.isTop ? TOP_NAMES : INNER_NAMES;
  // The shorter ones rather.
  const name = NAMES[Math.floor(chance() * chance() * names)];
  return name === binding.short ? undefined : rename(binding, name);
}

/** Searches and writes what was found, if it is smaller. */
export async function run({ minutes = 10, seed = 1 }) {
  const code = await codeBefore();
  const script = readScript(code);
  const chance = chanceOf(Number(seed));
  const before = brotliBytes(`{${arrange(script, JSON.parse(readFileSync(file, 'utf8')))}}`);
  let best = { bytes: before, layout: layoutOf(script) };
  let bytes = before;
  let tries = 0;
  const begun_ms = performance.now();
  const share = () => (performance.now() - begun_ms) / (minutes * 60_000);
  while (share() < 1) {
    const undo = step(script, chance);
    if (!undo) continue;
    tries++;
    const now = brotliBytes(`{${writeScript(script)}}`);
    if (now > bytes - HEAT_BYTES * (1 - share()) * Math.log(chance())) undo();
    else bytes = now;
    if (bytes < best.bytes) best = { bytes, layout: layoutOf(script) };
  }
  printTable([{ seed, tries, before, after: best.bytes }]);
  writeFileSync(file, `${JSON.stringify(best.layout, null, 2)}\n`);
}
