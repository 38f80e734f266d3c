/**
 * The collector against a bare server: `npm run bench -- collector [--seconds 4] [--repeats 3] [--sustained 60]
 * [--watch 20] [--data folder]`. `--watch` looks at statistics while 5,000 events a second arrive; `--data` is a folder of
 * the store's benchmark (`--keep`), in which the real server is started besides an empty one.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { median, printTable, spread, writeResult } from './report.mjs';
import { startOnce } from './server-start.mjs';

const MODES = ['bare', 'journal', 'whole'];

/** Starts a server process; `ask` answers its memory, stalls and backlog. */
async function startServer(mode) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'collector-process.mjs'), mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '8' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const { port, start_ms } = await next();
  return {
    port,
    start_ms,
    async ask(command = '?') {
      child.stdin.write(`${command}\n`);
      return next();
    },
    async stop() {
      const gone = new Promise((resolve) => child.on('exit', resolve));
      child.stdin.end();
      await gone;
    },
  };
}

/** Runs the load generator in its own process. */
function load(port, flags) {
  const words = Object.entries({ port, ...flags }).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load-generator.mjs'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('exit', () => resolve(JSON.parse(text)));
  });
}

const round = (value, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits;

/** Both sides of every comparison run in turn within each repeat, so that a busy machine slows both. */
async function compare(servers, { seconds, repeats }) {
  const empty = () => Object.fromEntries(MODES.map((mode) => [mode, []]));
  const results = { single: empty(), few: empty(), tens: empty(), steady: empty() };
  let seed = 1;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const [name, flags] of [
      ['single', { seconds }],
      ['few', { seconds, headers: 'few' }],
      ['tens', { seconds, batch: 10 }],
      ['steady', { seconds, rate: 800 }],
    ]) {
      for (const mode of MODES) {
        seed += 1;
        const before = await servers[mode].ask();
        const result = await load(servers[mode].port, { ...flags, seed });
        result.cpu_us = (((await servers[mode].ask()).cpu_ms - before.cpu_ms) * 1_000) / result.requests;
        if (Object.keys(result.statuses).some((status) => status !== '202')) console.log(mode, result.statuses);
        results[name][mode].push(result);
      }
    }
  }
  return results;
}

function report(results) {
  const rate = (name, mode) => median(results[name][mode].map(({ per_s }) => per_s));
  const bare = rate('single', 'bare');
  const p99 = (mode) => median(results.steady[mode].map(({ p99_ms }) => p99_ms));
  printTable(
    MODES.map((mode) => {
      const single = spread(results.single[mode].map(({ per_s }) => per_s));
      const tens = rate('tens', mode) * 10;
      return {
        server: mode,
        'requests/s': Math.round(single.median),
        range: `${Math.round(single.min)}-${Math.round(single.max)}`,
        'ratio to bare': round(single.median / bare),
        'CPU a request, µs': Math.round(median(results.single[mode].map(({ cpu_us }) => cpu_us))),
        'few headers': `${Math.round(rate('few', mode))} (${round(rate('few', mode) / rate('few', 'bare'))})`,
        'events/s in tens': Math.round(tens),
        'as multiple of bare requests': round(tens / bare),
        'p99 at 800/s, ms': round(p99(mode)),
        'p99 over bare, ms': round(p99(mode) - p99('bare')),
      };
    }),
  );
}

/** Events in tens for a minute, with the drain's lag looked at every second. */
async function sustain(server, seconds) {
  let lag_ms = 0;
  let rss_mb = 0;
  let stall_ms = 0;
  const timer = setInterval(async () => {
    const now = await server.ask();
    lag_ms = Math.max(lag_ms, now.lag_ms);
    rss_mb = Math.max(rss_mb, now.rss_mb);
    stall_ms = Math.max(stall_ms, now.stall_ms);
  }, 1_000);
  const result = await load(server.port, { seconds, batch: 10, connections: 32, seed: 999 });
  clearInterval(timer);
  const row = {
    'sustained, s': seconds,
    'events/s': Math.round(result.per_s * 10),
    'largest lag, ms': Math.round(lag_ms),
    'largest memory, MB': Math.round(rss_mb),
    'longest stall, ms': round(stall_ms, 0),
  };
  printTable([row]);
  return row;
}

const WATCHED = { rate: 500, batch: 10 };

/** Statistics alone, then while 5,000 events a second arrive; and whether all that was acknowledged is there in the end. */
async function watchStatistics(server, seconds) {
  const idle = await server.ask(`watch ${seconds}`);
  const before = await server.ask('count');
  const [busy, sent] = await Promise.all([
    server.ask(`watch ${seconds}`),
    load(server.port, { seconds, seed: 998, ...WATCHED }),
  ]);
  const after = await server.ask('count');
  // The watcher's own events are one a conversion of its goal.
  const missing = sent.statuses['202'] * WATCHED.batch - (after.events - before.events - busy.visible.count);
  const row = {
    'events/s': Math.round(sent.per_s * WATCHED.batch),
    'acknowledged → visible p50, ms': Math.round(busy.visible.p50_ms),
    'p99, ms': Math.round(busy.visible.p99_ms),
    'statistics idle p95, ms': round(idle.reads.p95_ms, 1),
    'while ingesting p95, ms': round(busy.reads.p95_ms, 1),
    'stall idle, ms': Math.round(idle.stall_ms),
    'stall, ms': Math.round(busy.stall_ms),
    'events missing': missing,
    'an answer shrank': busy.shrank ? 'yes' : 'no',
  };
  printTable([row]);
  return row;
}

/** The real command, from its start to its first line, in an empty folder and in a full one. */
async function measureStarts(full) {
  const rows = [];
  const starts = async (what, folder) => {
    const samples = [];
    for (let n = 0; n < 3; n += 1) samples.push(await startOnce(folder));
    const of = (name) => Math.round(median(samples.map((sample) => sample[name])));
    rows.push({
      server: what,
      'ready, ms': of('ready_ms'),
      'idle memory, MB': of('rss_mb'),
      'of it files, MB': of('files_mb'),
    });
  };
  const empty = mkdtempSync(join(tmpdir(), 'goalpost-bench-'));
  await starts('empty', empty);
  rmSync(empty, { recursive: true });
  if (full !== undefined) await starts('full', full);
  printTable(rows);
  return rows;
}

/** Runs the benchmark. */
export async function run(flags) {
  const seconds = Number(flags.seconds ?? 4);
  const repeats = Number(flags.repeats ?? 3);
  const starts = await measureStarts(flags.data);
  const servers = {};
  for (const mode of MODES) servers[mode] = await startServer(mode);
  const idle = await servers.whole.ask();
  // Code that was just loaded is not compiled yet.
  for (const mode of MODES) await load(servers[mode].port, { seconds, batch: 2 });
  const results = await compare(servers, { seconds, repeats });
  report(results);
  const sustained = flags.sustained ? await sustain(servers.whole, Number(flags.sustained)) : undefined;
  const watched = flags.watch ? await watchStatistics(servers.whole, Number(flags.watch)) : undefined;
  const after = await servers.whole.ask();
  for (const mode of MODES) await servers[mode].stop();
  writeResult('collector', { starts, results, idle, after, sustained, watched });
}
