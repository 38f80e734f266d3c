/** Scripts of other products as npm publishes them: installed into a temporary folder, used as their documents say. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';

const run = promisify(execFile);

/** The folder the script came from, which is where its collector is: evaluated while the script runs. */
const COLLECTOR = `new URL('.', document.currentScript.src).href.slice(0, -1)`;

/**
 * Each peer: what to install, its page code, the attributes of an element whose click is the conversion `mark`, and
 * where a body of its requests has an event's id. Session replay, which they load on demand, is not bundled.
 */
const PEERS = [
  {
    name: 'Plausible',
    install: '@plausible-analytics/tracker@0.4.6',
    entry: `import { init } from '@plausible-analytics/tracker';
      init({ domain: 'shop.localhost', endpoint: ${COLLECTOR} + '/api/event' });`,
    conversion: (mark) => `class="plausible-event-name=${mark}"`,
  },
  {
    name: 'OpenPanel',
    install: '@openpanel/web@1.4.1',
    entry: `import { OpenPanel } from '@openpanel/web';
      window.op = new OpenPanel({ apiUrl: ${COLLECTOR}, clientId: 'bench', trackScreenViews: true,
        trackOutgoingLinks: true, trackAttributes: true });`,
    conversion: (mark) => `data-track="${mark}"`,
  },
  {
    name: 'Swetrix',
    install: 'swetrix@4.6.1',
    entry: `import * as swetrix from 'swetrix';
      window.swetrix = swetrix;
      swetrix.init('bench', { apiURL: ${COLLECTOR} + '/log' });
      swetrix.trackViews();`,
    conversion: (mark) => `onclick="swetrix.track({ ev: '${mark}' })"`,
  },
  {
    name: 'Snowplow',
    install: '@snowplow/browser-tracker@4.10.1',
    entry: `import { enableActivityTracking, newTracker, trackPageView, trackStructEvent } from '@snowplow/browser-tracker';
      window.trackStructEvent = trackStructEvent;
      newTracker('sp', ${COLLECTOR}, { appId: 'bench' });
      enableActivityTracking({ minimumVisitLength: 30, heartbeatDelay: 10 });
      trackPageView();`,
    conversion: (mark) => `onclick="trackStructEvent({ category: 'bench', action: '${mark}' })"`,
    idOf: (body, mark) => body.data?.find((event) => event.se_ac === mark)?.eid,
  },
  {
    // The newest version whose dependencies were all published when this was written.
    name: 'PostHog',
    install: 'posthog-js@1.434.18',
    entry: `import posthog from 'posthog-js';
      window.posthog = posthog;
      posthog.init('bench', { api_host: ${COLLECTOR}, defaults: '2026-01-30' });`,
    conversion: (mark) => `onclick="posthog.capture('${mark}')"`,
    idOf: (body, mark) => [body.batch ?? body].flat().find((event) => event.event === mark)?.uuid,
    /** Clicks before its configuration arrived would be another comparison. */
    ready: /\/config(\.js)?$|\/flags\//,
  },
];

/** One file with everything a page needs, minified as the tracker is. */
async function bundle(folder, entry) {
  const file = join(folder, 'entry.js');
  writeFileSync(file, entry);
  const outputs = await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2020',
      minify: 'terser',
      terserOptions: { ecma: 2020, module: true, toplevel: true, format: { comments: false } },
      modulePreload: false,
      lib: { entry: file, formats: ['iife'], name: 'bench', fileName: () => 'tracker.js' },
      rollupOptions: { external: ['rrweb', '@rrweb/record', /\/replay-[\w-]+\.js$/] },
    },
  });
  return Buffer.from([outputs].flat()[0].output[0].code);
}

/** Installs one peer into a folder of its own and bundles it; the reason in words when that fails. */
async function prepare(peer, folder) {
  mkdirSync(folder);
  const words = ['install', '--no-save', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    await run('npm', [...words, peer.install], { cwd: folder });
    return { ...peer, code: await bundle(folder, peer.entry) };
  } catch (error) {
    const lines = [...(error.stderr ?? '').matchAll(/^npm error (.*)/gm)].map(([, line]) => line);
    const reason = lines.length > 0 ? lines.slice(0, 2).join(', ') : error.message;
    return { ...peer, failure: reason };
  }
}

/**
 * The peers with their `code`; one that could not be installed is left out, and said.
 * @param {string | undefined} wanted names with commas; all when absent, none when `none`.
 */
export async function preparePeers(wanted) {
  const chosen = PEERS.filter(
    ({ name }) => wanted === undefined || wanted.toLowerCase().split(',').includes(name.toLowerCase()),
  );
  const folder = mkdtempSync(join(tmpdir(), 'goalpost-bench-'));
  try {
    const peers = await Promise.all(chosen.map((peer) => prepare(peer, join(folder, peer.name))));
    for (const { name, failure } of peers) if (failure) console.log(`left out: ${name}: ${failure}`);
    return peers.filter(({ failure }) => failure === undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
