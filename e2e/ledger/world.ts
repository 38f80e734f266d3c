/** What visits happen in: the built server, restarted or killed on the way, and lanes in which visitors come one by one. */
import type { Browser } from '@playwright/test';
import { goalpost, goalpostApi, startGoalpost } from '../../demo/goalpost.mjs';
import { startShop } from '../../demo/shop/server.mjs';
import { newDataFolder, removeDataFolder } from '../goalpost-server.ts';
import { startApp } from './app-page.ts';
import { GOALS, type GoalKey } from './goals.ts';
import { Network } from './network.ts';
import type { Surroundings } from './visitor.ts';

/** Something with an end. */
interface Closing {
  close(): Promise<void>;
}

/** One server, one site with all goals, and as many lanes as were asked for. */
export class World {
  readonly lanes: Surroundings[] = [];
  readonly goals = new Map<GoalKey, string>();
  readonly #data: string;
  readonly #open: Closing[] = [];
  #server: Awaited<ReturnType<typeof startGoalpost>>;
  #key = '';
  #site = '';

  private constructor(data: string, server: Awaited<ReturnType<typeof startGoalpost>>) {
    this.#data = data;
    this.#server = server;
  }

  static async open({ browser, lanes }: { browser: Browser; lanes: number }): Promise<World> {
    const data = await newDataFolder();
    const world = new World(data, await start(data));
    const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data });
    world.#key = key;
    const site = await world.call('POST', '/api/sites', { domains: ['ledger.example'] });
    world.#site = site.id;
    for (const [goal, definition] of Object.entries(GOALS)) {
      const made = await world.call('POST', `/api/sites/${site.id}/goals`, { key: goal, name: goal, ...definition });
      world.goals.set(goal as GoalKey, made.id);
    }
    for (let lane = 0; lane < lanes; lane += 1) await world.#addLane(browser, site.key);
    return world;
  }

  /** One native request that is to succeed. */
  call(method: string, path: string, body?: unknown) {
    return goalpostApi({ url: this.#server.url, key: this.#key }).call(method, path, body);
  }

  /** A question about the site, everything acknowledged so far included. */
  ask(path: string) {
    return this.call('GET', `/api/sites/${this.#site}/${path}${path.includes('?') ? '&' : '?'}fresh=true`);
  }

  /** What was not taken or not counted. */
  drops() {
    return this.call('GET', `/api/sites/${this.#site}/drops`);
  }

  /** Another process takes over the data, while visitors go on: after a power cut, or in an orderly way. */
  async restart(how: 'killed' | 'stopped'): Promise<void> {
    if (how === 'killed') {
      this.#server.child.kill('SIGKILL');
      await this.#server.ended;
    } else await this.#server.stop();
    this.#server = await start(this.#data);
    for (const { network } of this.lanes) network.moveTo(this.#server.url);
  }

  async close(): Promise<void> {
    for (const one of this.#open) await one.close();
    await this.#server.stop();
    await removeDataFolder(this.#data);
  }

  async #addLane(browser: Browser, siteKey: string): Promise<void> {
    const network = await Network.open(this.#server.url);
    const app = await startApp({ collectorUrl: network.url, siteKey });
    const elsewhere = `${app.url.replace('localhost', '127.0.0.1')}/elsewhere`;
    const settings = { goalpostUrl: network.url, siteKey, partnerUrl: elsewhere, allowAutomation: true, strip: false };
    const shop = await startShop({ settings, counts: async () => ({ goals: [] }) });
    this.#open.push(app, shop, network);
    this.lanes.push({ browser, network, goals: this.goals, shop: shop.url, app: app.url, elsewhere });
  }
}

function start(data: string) {
  return startGoalpost({ data, environment: { GOALPOST_RATE_LIMIT: 'off' } });
}
