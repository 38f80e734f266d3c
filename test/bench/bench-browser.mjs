/**
 * The browser script beside other products' in Chromium: `npm run bench -- browser [--rounds 5] [--clicks 20]
 * [--repeats 3] [--peers plausible,posthog|none] [--only size,load,click,requests,leaving,refusal] [--against dist]`.
 */
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { isBuilt } from '../build.mjs';
import { BenchServers } from './browser/bench-servers.mjs';
import { clickRows, deliveryRows, loadRows, sizeOf, sizeRows } from './browser/browser-rows.mjs';
import { measureClicks } from './browser/click-cost.mjs';
import { measureLeaving, measureRefusal, measureRequests } from './browser/delivery.mjs';
import { goalpostSubjects } from './browser/goalpost-subjects.mjs';
import { measureLoad } from './browser/load-cost.mjs';
import { preparePeers } from './browser/peers.mjs';
import { printTable, writeResult } from './report.mjs';

const DIST = join(import.meta.dirname, '../../dist');
const NONE = { name: 'no script', phases: ['load', 'click', 'handler'] };
const PEER_PHASES = ['load', 'click', 'requests', 'delivery'];

/** Everything that is measured, each with a path of its own; `phases` says by what. */
async function subjectsOf(flags) {
  if (!existsSync(join(DIST, 'tracker.js'))) throw new Error('dist/tracker.js is missing: run `npm run build` first.');
  const own = await goalpostSubjects(DIST, 'Goalpost');
  const other = flags.against === undefined ? [] : await goalpostSubjects(flags.against, 'the other build');
  const peers = (await preparePeers(flags.peers)).map((peer) => ({ ...peer, phases: PEER_PHASES }));
  return [NONE, ...own, ...other, ...peers].map((subject, at) => ({ ...subject, path: `s${at}` }));
}

/** Tables of what was measured; a phase that was not asked for has none. */
function print(having, measured) {
  const { load, click, requests, leaving, refusal } = measured;
  const scripts = having('requests').filter(({ code }) => code);
  const delivered = leaving ? having('delivery', 'handler') : having('delivery');
  const tables = [
    sizeRows(scripts, requests),
    load ? loadRows(load) : [],
    click ? clickRows(click) : [],
    leaving || refusal ? deliveryRows(delivered, measured) : [],
  ];
  for (const rows of tables) {
    if (rows.length === 0) continue;
    console.log('');
    printTable(rows);
  }
}

/** Says what a reader of the numbers must know: how busy the machine is, and whether dist is what src says. */
function printCircumstances() {
  const [load] = loadavg();
  if (load > 0.5) console.log(`The machine is busy (load ${load.toFixed(1)}): ratios tell more than numbers do.`);
  if (!isBuilt()) console.log('dist is older than src: this measures the last build.');
}

/** Runs the benchmark. */
export async function run(flags) {
  printCircumstances();
  const load_average = loadavg();
  const only = flags.only?.split(',');
  const wanted = (phase) => only === undefined || only.includes(phase);
  const number = (name, otherwise) => Number(flags[name] ?? otherwise);
  const subjects = await subjectsOf(flags);
  const having = (...phases) => subjects.filter((subject) => phases.some((phase) => subject.phases.includes(phase)));
  const servers = new BenchServers(subjects);
  await servers.start();
  const measured = {};
  const measure = async (phase, act) => {
    if (!wanted(phase)) return;
    const begun = performance.now();
    measured[phase] = await act();
    console.log(`${phase}: ${Math.round((performance.now() - begun) / 1_000)} s`);
  };
  try {
    await measure('load', () => measureLoad(servers, having('load'), { rounds: number('rounds', 5) }));
    await measure('click', () => measureClicks(servers, having('click'), { rounds: number('rounds', 5) * 3 }));
    await measure('requests', () => measureRequests(servers, having('requests')));
    await measure('leaving', () =>
      measureLeaving(servers, having('delivery', 'handler'), { clicks: number('clicks', 20) }),
    );
    await measure('refusal', () => measureRefusal(servers, having('delivery'), { repeats: number('repeats', 3) }));
  } finally {
    await servers.stop();
  }
  print(having, measured);
  const sizes = Object.fromEntries(subjects.filter(({ code }) => code).map(({ name, code }) => [name, sizeOf(code)]));
  const plain = Object.fromEntries(Object.entries(measured).map(([phase, map]) => [phase, Object.fromEntries(map)]));
  writeResult('browser', {
    load_average,
    sizes,
    installed: subjects.flatMap(({ install }) => install ?? []),
    ...plain,
  });
}
