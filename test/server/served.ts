/** Real server processes, each with a data folder of its own, and events sent to them as browsers send them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goalpost, type goalpostApi, startGoalpost } from '../../demo/goalpost.mjs';

/** Programs that name themselves are bots, and not counted. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** A process that serves, and its data folder. */
export type Served = Awaited<ReturnType<typeof startGoalpost>> & { data: string };

let events = 0;

/** Sends `bought` to a server, perhaps with an order, and gives the status. */
export async function buy(url: string, sent: { order?: string; site?: string } = {}): Promise<number> {
  const { order, site = 'shop.example' } = sent;
  events += 1;
  const id = `01993c00-0000-7000-8000-${String(events).padStart(12, '0')}`;
  const event = { i: id, n: 'bought', a: 0, u: `https://${site}/`, ...(order === undefined ? {} : { o: order }) };
  const body = JSON.stringify({ v: 1, s: site, t: Date.now(), r: 0, e: [event] });
  return (await fetch(`${url}/e`, { method: 'POST', body, headers: { 'user-agent': BROWSER } })).status;
}

/** Makes a key that may do everything, beside the server. */
export async function adminKey({ data }: Served): Promise<string> {
  return (await goalpost(['key', 'create', '--scopes', 'admin'], { data })).key;
}

/** A site with a goal that `bought` meets, and where that goal is. */
export async function siteOfOrders(api: ReturnType<typeof goalpostApi>, domain = 'shop.example') {
  const { id } = await api.call('POST', '/api/sites', { domains: [domain] });
  const goals = `/api/sites/${id}/goals`;
  const goal = await api.call('POST', goals, { name: 'Order', trigger: { type: 'event', name: 'bought' } });
  return { goals, goal: `${goals}/${goal.id}`, statistics: `${goals}/${goal.id}/stats?timezone=UTC` };
}

/** How many goals of a site a server gives to browsers; undefined while it does not know the site. */
export async function plannedGoals({ url }: Served, domain = 'shop.example'): Promise<number | undefined> {
  return (await (await fetch(`${url}/plan/${domain}`)).json()).g?.length;
}

/** The servers of a test file. */
export class ServedProcesses {
  readonly #folders = new Set<string>();
  readonly #running: Served[] = [];

  /** Starts one, in a folder of its own unless it goes on in one. */
  async start(environment: Record<string, string>, folder?: string): Promise<Served> {
    const data = folder ?? (await mkdtemp(join(tmpdir(), 'goalpost-served-')));
    this.#folders.add(data);
    const server = { ...(await startGoalpost({ data, environment })), data };
    this.#running.push(server);
    return server;
  }

  /** Stops all and removes their folders. */
  async end(): Promise<void> {
    for (const server of this.#running) await server.stop();
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }
}
