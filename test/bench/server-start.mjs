/** Starts the real command in a data folder and tells how long it took until it was ready, and what it takes then. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ENTRY = join(import.meta.dirname, '../../dist/cli/bin.cjs');

/** Resident memory in MB, what of it is files that other processes share, and processor time so far; Linux only. */
function takenBy(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 1024;
  return { rss_mb: mb('VmRSS'), files_mb: mb('RssFile') };
}

/** Starts and stops the server once. */
export async function startOnce(data) {
  const begun = performance.now();
  const child = spawn(process.execPath, [ENTRY, 'serve', '--json', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, GOALPOST_LOG: 'warn' },
  });
  const gone = new Promise((resolve) => child.on('exit', resolve));
  const lines = createInterface({ input: child.stdout });
  try {
    for await (const line of lines) if (JSON.parse(line).event === 'ready') break;
    return { ready_ms: performance.now() - begun, ...takenBy(child.pid) };
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}
