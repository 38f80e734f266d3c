/**
 * What an owner would see while events arrive, watched from within the server's process: how long after its answer an
 * event is in the statistics, what the statistics cost meanwhile, whether they only ever grow, and the event loop's stalls.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { goalStats } from '../../dist/server/stats/goal-stats.js';
import { parseStatsQuery } from '../../dist/server/stats/stats-query.js';
import { quantile } from './report.mjs';

/** A site of its own, so that its few conversions are told from the load's. */
export const PROBE_SITE = 'probe.example';
const PROBE_EVERY_MS = 100;
const LOOK_EVERY_MS = 20;
const READ_EVERY_MS = 100;

function lastWeek() {
  const now_ms = Date.now();
  const day = (ms) => new Date(ms).toISOString().slice(0, 10);
  return parseStatsQuery(
    { start_date: day(now_ms - 6 * 86_400_000), end_date: day(now_ms + 86_400_000) },
    { timezone: 'UTC', bots: 'exclude' },
    { now_ms },
  );
}

/** Sends one beacon and resolves, when it was answered, with that moment. */
function acknowledged(collector, n) {
  const id = `${Date.now()
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})/, '$1-')}-7000-8000-${String(n).padStart(12, '0')}`;
  const body = {
    v: 1,
    s: PROBE_SITE,
    t: Date.now(),
    r: 1,
    e: [{ i: id, n: 'probe', a: 0, pv: id, u: `https://${PROBE_SITE}/` }],
  };
  const requester = {
    address: '192.0.2.1',
    user_agent: 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36',
    received_ms: Date.now(),
  };
  return new Promise((resolve, reject) => {
    collector.receive(body, requester, (problem) => (problem ? reject(problem) : resolve(performance.now())));
  });
}

/** How long after their answers events are in the statistics of their goal, ms each. */
async function watchVisible({ collector, store, probe }, until) {
  const waiting = [];
  const took = [];
  const first = (await goalStats(store, probe.site, { goal: probe.goal, query: lastWeek() })).conversions;
  let sent = 0;
  const sending = (async () => {
    while (performance.now() < until) {
      waiting.push(await acknowledged(collector, sent));
      sent += 1;
      await sleep(PROBE_EVERY_MS);
    }
  })();
  while (performance.now() < until || took.length < sent) {
    const { conversions } = await goalStats(store, probe.site, { goal: probe.goal, query: lastWeek() });
    const now = performance.now();
    for (; took.length < conversions - first; took.push(now - waiting.shift()));
    await sleep(LOOK_EVERY_MS);
  }
  await sending;
  return took;
}

/** Asks a goal's statistics again and again; `shrank` when a later answer counts less than an earlier one. */
async function watchReads({ store, busy }, until) {
  const took = [];
  let largest = 0;
  let shrank = false;
  while (performance.now() < until) {
    const begun = performance.now();
    const { conversions } = await goalStats(store, busy.site, { goal: busy.goal, query: lastWeek() });
    took.push(performance.now() - begun);
    shrank ||= conversions < largest;
    largest = Math.max(largest, conversions);
    await sleep(READ_EVERY_MS);
  }
  return { took, shrank };
}

const summary = (samples) => ({
  count: samples.length,
  p50_ms: quantile(samples, 0.5),
  p95_ms: quantile(samples, 0.95),
  p99_ms: quantile(samples, 0.99),
});

/** Watches for some seconds; `subject` is the collector, its store and two goals (`probe`, `busy`) with their sites' numbers. */
export async function watch(subject, seconds) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const until = performance.now() + seconds * 1_000;
  const [reads, visible] = await Promise.all([watchReads(subject, until), watchVisible(subject, until)]);
  delay.disable();
  return {
    reads: summary(reads.took),
    shrank: reads.shrank,
    visible: summary(visible),
    stall_ms: delay.max / 1e6,
  };
}
