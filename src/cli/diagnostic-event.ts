/** An event that is sent as a page would send it, and looked for where it should come out: the live view of the site. */
import { randomUUID } from 'node:crypto';
import type { BeaconAnswer, DropReason } from '../core/beacon.ts';
import type { Site } from '../core/site.ts';
import type { Client, Following } from './client.ts';
import { sitePath } from './site.ts';

const WAIT_MS = 10_000;
/** No browser's and no bot's: a diagnostic event is no traffic, whoever sends it. */
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64) Goalpost-Doctor';

/** What to do where an event arrives and is not taken. */
const CURES: Partial<Record<DropReason, string>> = {
  foreign_host: "the site does not count this host; add it to the site's domains or allowed hosts.",
  excluded_ip: "this machine's address is one of those that the site's settings leave out.",
  excluded_path: "the site's settings leave this path out.",
  bot: "a proxy replaces the browser's User-Agent header; let it through.",
};

/** What to do where a server answers that is not the one with the site. */
export const STRANGER = 'that is another server, which does not have this site; start this one, or name it with --url.';

/** Whether an answer is that of a server which does not know the site. */
export function isStranger(text: string): boolean {
  return text.includes('"unknown_site"');
}

/** Sends one and waits for it; the sentence is the finding. */
export async function followEvent(
  client: Client,
  { base, site }: { base: string; site: Site },
): Promise<{ ok: boolean; text: string }> {
  const live = await client.follow(`${sitePath(site.id)}/live`);
  try {
    const id = randomUUID();
    const answer = await send(base, site, id);
    if (typeof answer === 'string') return { ok: false, text: answer };
    const reason = answer.dropped.find(({ i }) => i === id)?.reason;
    if (reason !== undefined)
      return { ok: false, text: `arrives and is not taken (${reason}): ${CURES[reason] ?? ''}`.trim() };
    if (await comesOut(live, id)) return { ok: true, text: 'is taken and comes out in the live view.' };
    return {
      ok: false,
      text: `is taken by ${base} and does not come out here: that is another server; name this one with --url.`,
    };
  } finally {
    live.close();
  }
}

async function send(base: string, site: Site, id: string): Promise<BeaconAnswer | string> {
  const u = `https://${site.domains[0]}/`;
  const beacon = {
    v: 1,
    s: site.key,
    t: Date.now(),
    r: site.revision,
    e: [{ i: id, n: '$diagnostic', a: 0, pv: id, u }],
  };
  try {
    const response = await fetch(`${base}/e`, {
      method: 'POST',
      body: JSON.stringify(beacon),
      headers: { 'user-agent': USER_AGENT },
      signal: AbortSignal.timeout(WAIT_MS),
    });
    if (response.status === 202) return (await response.json()) as BeaconAnswer;
    const cure = isStranger(await response.text()) ? STRANGER : 'check that the proxy forwards POST /e to this server.';
    return `answers ${response.status}; ${cure}`;
  } catch (error) {
    const { cause, message } = error as Error;
    return `${cause instanceof Error ? cause.message : message}; check that the proxy forwards POST /e to this server.`;
  }
}

/** Whether the live view tells of the event in time. */
async function comesOut(live: Following, id: string): Promise<boolean> {
  const timer = setTimeout(() => live.close(), WAIT_MS);
  try {
    for await (const entry of live.events) {
      const { i, kind } = entry as { i: string; kind: string };
      if (i === id) return kind === 'accepted';
    }
    return false;
  } catch {
    // Closed by the timer.
    return false;
  } finally {
    clearTimeout(timer);
  }
}
