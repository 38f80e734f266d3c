/**
 * The servers that the collector's benchmark compares, one per process: `bare` reads the body and answers 202,
 * `journal` does all but the engine, `whole` drains into DuckDB too. Prints its port; a line on stdin is answered
 * with its memory and event-loop delay, `watch <seconds>` with what `collector-watch.mjs` saw, `count` with the events in
 * the store; the end of stdin ends it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

const mode = process.argv[2];
const folder = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'goalpost-bench-'));
let close = async () => {};
let state = () => ({});
/** What lines on stdin ask for besides the state. */
const commands = new Map();

function bareHandler(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    Buffer.concat(chunks);
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end('{"ok":true}');
  });
}

/** An engine that takes nothing: what is left is the journal. */
const noEngine = {
  load: async () => ({ applied: true, events: 0, conversions: 0, dropped: [], drops: [] }),
  recentSessions: async () => [],
  recentViews: async () => [],
  recentEngagement: async () => [],
};

async function collectorHandler() {
  const { openConfiguration } = await import('../../dist/server/goals/configuration.js');
  const { createCollector } = await import('../../dist/server/collector/collector.js');
  const { createBeaconHandler } = await import('../../dist/server/collector/beacon-handler.js');
  const { DuckdbStore } = await import('../../dist/server/store/duckdb-store.js');
  const { PROBE_SITE, watch } = await import('./collector-watch.mjs');
  const configuration = await openConfiguration({ path: join(folder, 'config.sqlite') });
  if (!configuration.registry.find('shop.example')) {
    const origin = { origin: 'bench' };
    await configuration.sites.create({ domains: ['shop.example'] }, origin);
    const goals = Array.from({ length: 50 }, (_, n) => {
      const value = `/products/item-${n * 7}`;
      const trigger =
        n % 2 === 0
          ? { type: 'pageview', url: { match: 'simple', value } }
          : { type: 'event', name: n === 1 ? 'signup' : `event ${n}` };
      return { name: `Goal ${n}`, trigger };
    });
    await configuration.goals.createMany('shop.example', goals, origin);
    await configuration.sites.create({ domains: [PROBE_SITE] }, origin);
    const probe = { name: 'Probe', trigger: { type: 'event', name: 'probe' } };
    await configuration.goals.createMany(PROBE_SITE, [probe], origin);
  }
  const store = mode === 'whole' ? new DuckdbStore({ path: join(folder, 'events.duckdb') }) : noEngine;
  await store.open?.();
  const line = () => {};
  const collector = await createCollector({
    registry: configuration.registry,
    store,
    salts: configuration.salts,
    config: { data_dir: folder, trusted_proxies: ['loopback'], rate_limit: false, geo_file: null },
    clock: Date.now,
    log: { info: line, warn: line, error: (facts, sentence) => console.error(sentence, facts) },
  });
  close = async () => {
    await collector.stop();
    await store.close?.();
    await configuration.close();
  };
  state = () => collector.gauges();
  const goalOf = (site, name) => {
    const entry = configuration.registry.find(site);
    const { number, generation } = entry.goals.find(({ goal }) => goal.name === name).goal;
    return { site: entry.site.number, goal: { number, generation } };
  };
  const subject = { collector, store, probe: goalOf(PROBE_SITE, 'Probe'), busy: goalOf('shop.example', 'Goal 1') };
  commands.set('watch', (seconds) => watch(subject, Number(seconds)));
  commands.set('count', async () => {
    await collector.fresh();
    return store.sizes();
  });
  return createBeaconHandler({
    receive: (body, requester, answered) => collector.receive(body, requester, answered),
    clientAddress: collector.clientAddress,
    clock: Date.now,
    refuse: (problem) => ({ status: problem.status, headers: {}, body: problem.message }),
    other: (_body, _request, response) => response.writeHead(404).end(),
    onFailure: console.error,
  });
}

const begun = performance.now();
const server = createServer(mode === 'bare' ? bareHandler : await collectorHandler());
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
server.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ port: server.address().port, start_ms: performance.now() - begun })),
);
const lines = createInterface({ input: process.stdin });
lines.on('line', async (line) => {
  const [word, ...words] = line.split(' ');
  const command = commands.get(word);
  if (command) return console.log(JSON.stringify(await command(...words)));
  const { user, system } = process.cpuUsage();
  console.log(
    JSON.stringify({
      cpu_ms: (user + system) / 1e3,
      rss_mb: process.memoryUsage.rss() / 2 ** 20,
      stall_ms: delay.max / 1e6,
      ...state(),
    }),
  );
  delay.reset();
});
lines.on('close', async () => {
  server.close();
  server.closeAllConnections();
  await close();
  if (process.argv[3] === undefined) rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
