/** `npm run bench -- <name> [--flag value …]`: runs one benchmark, prints its table and writes its JSON. */
import { readdirSync } from 'node:fs';
import { machineLine } from './report.mjs';

/** Benchmarks are the files of this folder named `bench-<name>.mjs`; each exports `run(flags)`. */
const names = readdirSync(import.meta.dirname)
  .filter((file) => /^bench-[a-z-]+\.mjs$/.test(file))
  .map((file) => file.slice(6, -4));

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run bench -- <${names.join('|')}> [--flag value …]`);
  process.exit(2);
}

/** `--events 1000 --quick` → { events: '1000', quick: 'true' } */
const flags = {};
for (let at = 0; at < rest.length; at++) {
  const word = rest[at];
  if (!word.startsWith('--')) continue;
  const next = rest[at + 1];
  const given = next !== undefined && !next.startsWith('--');
  flags[word.slice(2)] = given ? next : 'true';
  if (given) at++;
}

console.log(machineLine());
const { run } = await import(`./bench-${name}.mjs`);
await run(flags);
