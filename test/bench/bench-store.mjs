/**
 * The event store at size: `npm run bench -- store [--events 1000000] [--engine duckdb|clickhouse|both] [--runs 9]
 * [--memory 180] [--ingest] [--keep folder]`. With both engines their answers are compared as well.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { allGoalsStats } from '../../dist/server/stats/all-goals-stats.js';
import { breakdown } from '../../dist/server/stats/breakdown.js';
import { goalStats } from '../../dist/server/stats/goal-stats.js';
import { parseStatsQuery } from '../../dist/server/stats/stats-query.js';
import { timeseries } from '../../dist/server/stats/timeseries.js';
import { encodeRow } from '../../dist/server/store/event-row.js';
import { printTable, quantile, spread, writeResult } from './report.mjs';
import { DAYS, dayOfRows, GOALS, START_MS } from './store-data.mjs';
import { ENGINES } from './store-engines.mjs';
import { fill } from './store-fill.mjs';

const DAY_MS = 86_400_000;
const goal = { number: 1, generation: 1 };
const goals = Array.from({ length: GOALS }, (_, n) => ({ number: n + 1, generation: 1 }));

/** The questions of the performance page, with their marks in ms. */
function questions(store) {
  const now_ms = START_MS + DAYS * DAY_MS - 1;
  const ask = (params) =>
    parseStatsQuery(params, { timezone: 'Europe/Berlin', bots: 'exclude' }, { now_ms, findGoal: () => goal });
  const days = (count, more = {}) => {
    const first = new Date(now_ms - (count - 1) * DAY_MS).toISOString().slice(0, 10);
    return ask({ start_date: first, end_date: new Date(now_ms).toISOString().slice(0, 10), ...more });
  };
  const week = days(7, { filter_country: 'DE' });
  const month = days(30);
  const quarter = days(89);
  return [
    ['goal statistics, 7 days + country, with trend', 25, () => goalStats(store, 1, { goal, query: week })],
    ['goal statistics, 90 days', null, () => goalStats(store, 1, { goal, query: quarter })],
    ['all goals, 30 days', 60, () => allGoalsStats(store, 1, { goals, query: month })],
    [
      'daily series, 90 days, Europe/Berlin',
      100,
      () => timeseries(store, 1, { goal, query: quarter, interval: 'day' }),
    ],
    ['hourly series, 7 days', null, () => timeseries(store, 1, { goal, query: days(7), interval: 'hour' })],
    [
      'breakdown by source, 30 days',
      80,
      () => breakdown(store, 1, { goal, query: month, by: 'source', limit: 20, offset: 0 }),
    ],
    [
      'breakdown by page, 30 days',
      null,
      () => breakdown(store, 1, { goal, query: month, by: 'page', limit: 20, offset: 0 }),
    ],
  ];
}

/** Asks every question in turn, so often; one round before counts for nothing. */
async function measure({ store, cpu_ms }, runs) {
  const asked = questions(store).map(([what, mark_ms, work]) => ({ what, mark_ms, work, samples: [], cpu: [] }));
  for (let round = 0; round <= runs; round += 1) {
    for (const one of asked) {
      const { work, samples, cpu } = one;
      const used = cpu_ms();
      const begun = performance.now();
      one.answer = await work();
      if (round === 0) continue;
      samples.push(performance.now() - begun);
      cpu.push(cpu_ms() - used);
    }
  }
  return asked.map(({ what, mark_ms, answer, samples, cpu }) => ({
    what,
    mark_ms,
    answer: JSON.stringify(answer),
    ...spread(samples),
    // A mean: of a process of its own the time is only known by hundredths of a second.
    cpu_ms: cpu.reduce((sum, one) => sum + one, 0) / cpu.length,
  }));
}

const INGEST_SECONDS = 10;
const INGEST_ROWS_A_SECOND = 5_000;
const INGEST_EVERY_MS = 500;

/** Asks goal statistics ten times a second, alone and then while 5,000 events a second arrive; tells stalls of the event loop. */
async function readWhileWriting(store, folder) {
  const [, , ask] = questions(store)[0];
  const rows = dayOfRows(Date.now() % 1e9, {
    start_ms: START_MS + DAYS * DAY_MS,
    events: INGEST_SECONDS * INGEST_ROWS_A_SECOND,
  });
  const size = (INGEST_ROWS_A_SECOND * INGEST_EVERY_MS) / 1000;
  const files = [];
  for (let at = 0; at + size <= rows.length; at += size) {
    const file = path.join(folder, `ingest-${at}.csv`);
    writeFileSync(
      file,
      rows
        .slice(at, at + size)
        .map((row) => encodeRow(row))
        .join(''),
    );
    files.push(file);
  }
  const asking = async (until) => {
    const samples = [];
    while (performance.now() < until) {
      const begun = performance.now();
      await ask();
      samples.push(performance.now() - begun);
      await sleep(100);
    }
    return samples;
  };
  const idle = await asking(performance.now() + 3_000);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const loads = [];
  const begun = performance.now();
  const reading = asking(begun + INGEST_SECONDS * 1000);
  for (const [index, file] of files.entries()) {
    await sleep(Math.max(0, begun + index * INGEST_EVERY_MS - performance.now()));
    const started = performance.now();
    await store.load({ id: file, path: file });
    loads.push(performance.now() - started);
  }
  const busy = await reading;
  delay.disable();
  for (const file of files) rmSync(file);
  return {
    idle_p95_ms: quantile(idle, 0.95),
    busy_p95_ms: quantile(busy, 0.95),
    load_p95_ms: quantile(loads, 0.95),
    stall_ms: delay.max / 1e6,
  };
}

const ms = (value) => value.toFixed(1);

/** Opens an engine. */
async function openEngine(name, folder, flags) {
  return { name, ...(await ENGINES[name](folder, flags)) };
}

/** Asks an engine that is filled, and tells what it took. */
async function askEngine(engine, folder, flags) {
  const { name, store, filled, loading, open_ms, close } = engine;
  if (!filled) {
    await store.close();
    await store.open();
  }
  const sizes = await store.sizes();
  const answers = await measure(engine, Number(flags.runs ?? 9));
  const ingest = flags.ingest === undefined ? undefined : await readWhileWriting(store, folder);
  const rss_mib = Math.round(process.memoryUsage().rss / 2 ** 20);
  const peak_mib = Math.round(process.resourceUsage().maxRSS / 1024);
  await close();
  return { name, sizes, loading, open_ms, rss_mib, peak_mib, answers, ingest };
}

/** One engine's questions, sizes and, if asked for, what reading and writing at once did. */
function printEngine({ name, sizes, loading, open_ms, rss_mib, peak_mib, answers, ingest }) {
  console.log(`\n${name}`);
  printTable(
    answers.map((a) => ({
      question: a.what,
      mark: a.mark_ms ?? '–',
      'median ms': ms(a.median),
      range: `${ms(a.min)}–${ms(a.max)}`,
      'cpu ms': ms(a.cpu_ms),
    })),
  );
  const rate = loading ? Math.round(sizes.events / (loading.ms / 1000)) : '–';
  const cost = loading ? ms((loading.cpu_ms / sizes.events) * 1000) : '–';
  printTable([
    {
      ...sizes,
      'bytes/event': (sizes.bytes / sizes.events).toFixed(1),
      'events/s': rate,
      'cpu µs/event': cost,
      open_ms: ms(open_ms),
      rss_mib,
      peak_mib,
    },
  ]);
  if (ingest) printTable([Object.fromEntries(Object.entries(ingest).map(([part, value]) => [part, ms(value)]))]);
}

/** The same questions side by side, and whether they were answered alike. */
function printBoth([one, other]) {
  console.log(`\n${one.name} and ${other.name}`);
  printTable(
    one.answers.map((a, index) => ({
      question: a.what,
      [`${one.name} ms`]: ms(a.median),
      [`${other.name} ms`]: ms(other.answers[index].median),
      [`${one.name} cpu ms`]: ms(a.cpu_ms),
      [`${other.name} cpu ms`]: ms(other.answers[index].cpu_ms),
      'same answer': a.answer === other.answers[index].answer ? 'yes' : 'NO',
    })),
  );
}

export async function run(flags) {
  const names = flags.engine === 'both' ? Object.keys(ENGINES) : [flags.engine ?? 'duckdb'];
  const folder = flags.keep ?? mkdtempSync(path.join(tmpdir(), 'goalpost-bench-'));
  mkdirSync(folder, { recursive: true });
  const results = [];
  const engines = [];
  for (const name of names) engines.push(await openEngine(name, folder, flags));
  const empty = engines.filter(({ filled }) => !filled);
  // All with the same rows, at the same time: what else the machine does meanwhile is the same for each.
  if (empty.length > 0) await fill(empty, folder, Number(flags.events ?? 1_000_000));
  for (const engine of engines) {
    const result = await askEngine(engine, folder, flags);
    printEngine(result);
    results.push(result);
  }
  if (results.length === 2) printBoth(results);
  const [{ sizes }] = results;
  writeResult(`store-${sizes.events}${names.length === 1 && names[0] === 'duckdb' ? '' : `-${names.join('-')}`}`, {
    ...results[0],
    ...(results.length === 2 ? { other: results[1] } : {}),
  });
  if (flags.keep === undefined) rmSync(folder, { recursive: true });
}
