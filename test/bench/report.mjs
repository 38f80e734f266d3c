/** How benchmarks report: medians and ranges, a plain table, JSON beside it, and the machine they ran on. */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

/** One line naming the machine, so that a number is never quoted without it. */
export function machineLine() {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  return `${day} · ${cpus.length} × ${cpus[0]?.model.trim()} · ${memory} GiB · Node ${process.version} · ${os.platform()}`;
}

/** The value a share of the samples lies at or below; `share` 0.5 is the median. */
export function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

export const median = (samples) => quantile(samples, 0.5);

/** Minimum, median and maximum of some samples. */
export function spread(samples) {
  return { min: Math.min(...samples), median: median(samples), max: Math.max(...samples), runs: samples.length };
}

/** Bytes after Brotli at its best, as the server sends a file. */
export const brotliBytes = (code) =>
  brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

/** Prints rows of equal keys as a Markdown table, so that README can quote it as printed. */
export function printTable(rows) {
  const columns = Object.keys(rows[0] ?? {});
  console.log(`| ${columns.join(' | ')} |`);
  console.log(`|${columns.map(() => '---').join('|')}|`);
  for (const row of rows) console.log(`| ${columns.map((column) => row[column]).join(' | ')} |`);
}

/** Writes the raw result to `.cache/bench/<name>.json` (ignored by git) and says where. */
export function writeResult(name, result) {
  const folder = path.join(import.meta.dirname, '../../.cache/bench');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  writeFileSync(
    file,
    `${JSON.stringify({ machine: machineLine(), at: new Date().toISOString(), ...result }, null, 2)}\n`,
  );
  console.log(`written: ${path.relative(process.cwd(), file)}`);
}
