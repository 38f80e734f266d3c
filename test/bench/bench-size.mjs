/** `npm run bench -- size`: what each part of the tracker costs, in bytes after Brotli 11. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { brotliBytes, printTable, writeResult } from './report.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CORE_PARTS = ['redact', 'page-url', 'match-url', 'match-text'];

/** The module with every export replaced by a function that does nothing. */
function hollow(code) {
  const names = [...code.matchAll(/^export (?:async )?(?:const|let|function) ([^=(:;]+)/gm)].flatMap(([, names]) =>
    names.match(/\w+/g),
  );
  return names.map((name) => `export let ${name} = () => [];`).join('\n');
}

/** Bytes of the tracker with one of its modules hollow; of the whole without a path. */
async function bytesWithout(path) {
  const plugin = {
    name: 'hollow',
    enforce: 'pre',
    load: (id) => (path && id === `${root}src/${path}` ? hollow(readFileSync(id, 'utf8')) : null),
  };
  const outputs = await build({
    root,
    configFile: `${root}vite.config.ts`,
    mode: 'tracker-size',
    logLevel: 'silent',
    plugins: [plugin],
    build: { write: false },
  });
  return brotliBytes([outputs].flat()[0].output[0].code);
}

/** Measures and prints, the most expensive first. A part's cost is what the whole loses without it. */
export async function run() {
  const parts = readdirSync(`${root}src/tracker`).filter((file) => file.endsWith('.ts') && file !== 'main.ts');
  const paths = [...parts.map((file) => `tracker/${file}`), ...CORE_PARTS.map((name) => `core/${name}.ts`)];
  const whole = await bytesWithout();
  const rows = [];
  for (const path of paths) rows.push({ part: path.replace('.ts', ''), bytes: whole - (await bytesWithout(path)) });
  const costly = rows.filter(({ bytes }) => bytes > 0).sort((one, other) => other.bytes - one.bytes);
  printTable([{ part: 'the whole', bytes: whole }, ...costly]);
  writeResult('size', { whole, parts: costly });
}
