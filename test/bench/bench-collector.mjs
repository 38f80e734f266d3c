/** The collector against a bare server: `npm run bench -- collector [--seconds 4] [--repeats 3] [--sustained 60]`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { median, printTable, spread, writeResult } from './report.mjs';

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
    async ask() {
      child.stdin.write('?\n');
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
  const results = { single: empty(), tens: empty(), steady: empty() };
  let seed = 1;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    for (const [name, flags] of [
      ['single', { seconds }],
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
  const bare = median(results.single.bare.map(({ per_s }) => per_s));
  const p99 = (mode) => median(results.steady[mode].map(({ p99_ms }) => p99_ms));
  printTable(
    MODES.map((mode) => {
      const single = spread(results.single[mode].map(({ per_s }) => per_s));
      const tens = median(results.tens[mode].map(({ per_s }) => per_s)) * 10;
      return {
        server: mode,
        'requests/s': Math.round(single.median),
        range: `${Math.round(single.min)}-${Math.round(single.max)}`,
        'ratio to bare': round(single.median / bare),
        'CPU a request, µs': Math.round(median(results.single[mode].map(({ cpu_us }) => cpu_us))),
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

/** Runs the benchmark. */
export async function run(flags) {
  const seconds = Number(flags.seconds ?? 4);
  const repeats = Number(flags.repeats ?? 3);
  const servers = {};
  for (const mode of MODES) servers[mode] = await startServer(mode);
  const idle = await servers.whole.ask();
  printTable([
    { 'start of an empty one, ms': Math.round(servers.whole.start_ms), 'idle memory, MB': Math.round(idle.rss_mb) },
  ]);
  // Code that was just loaded is not compiled yet.
  for (const mode of MODES) await load(servers[mode].port, { seconds, batch: 2 });
  const results = await compare(servers, { seconds, repeats });
  report(results);
  const sustained = flags.sustained ? await sustain(servers.whole, Number(flags.sustained)) : undefined;
  const after = await servers.whole.ask();
  for (const mode of MODES) await servers[mode].stop();
  writeResult('collector', { results, idle, after, sustained });
}
