/** A visitor: a browser context with an address, who opens pages, waits until they are ready, and finally leaves nothing undelivered. */
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test';
import { GOAL_KEYS, type GoalKey } from './goals.ts';
import type { VisitLedger } from './ledger.ts';
import type { Network } from './network.ts';

/** Headless Chromium says so in its user agent, and would be a bot. */
const HEADFUL = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

declare global {
  interface Window {
    /** Keys of the goals that the tracker of this document found met, in order. */
    met: string[];
    route(path: string): void;
  }
}

/** What a visit happens in. */
export interface Surroundings {
  browser: Browser;
  network: Network;
  /** Goal ids by key. */
  goals: ReadonlyMap<GoalKey, string>;
  /** Base URLs. */
  shop: string;
  app: string;
  elsewhere: string;
}

/** Listens to the tracker through the queue that it replays when it arrives. */
function listen(keys: Record<string, string>): void {
  window.met = [];
  const call = ['on', 'conversion', ({ goal }: { goal: string }) => window.met.push(keys[goal] ?? goal)];
  const stub = {
    q: [call] as unknown[],
    track(...given: unknown[]) {
      this.q.push(['track', ...given]);
    },
  };
  (window as unknown as { tracker: typeof stub }).tracker = stub;
}

/** Does things and writes them down. */
export class Visitor {
  readonly ledger: VisitLedger;
  readonly at: Surroundings;
  readonly #context: BrowserContext;
  page: Page;

  private constructor(ledger: VisitLedger, at: Surroundings, opened: { context: BrowserContext; page: Page }) {
    this.ledger = ledger;
    this.at = at;
    this.#context = opened.context;
    this.page = opened.page;
  }

  /** Enters in a browser that has never been here. */
  static async enter(ledger: VisitLedger, at: Surroundings): Promise<Visitor> {
    const context = await at.browser.newContext({
      userAgent: HEADFUL,
      viewport: { width: 1280, height: 800 },
    });
    const keys = Object.fromEntries(GOAL_KEYS.map((key) => [at.goals.get(key)!, key]));
    await context.addInitScript(listen, keys);
    return new Visitor(ledger, at, { context, page: await context.newPage() });
  }

  /** Waits until the tracker of the document found a goal met so many times. */
  async met(goal: GoalKey, { times = 1, page = this.page } = {}): Promise<void> {
    await page.waitForFunction(([key, least]) => window.met?.filter((one) => one === key).length >= least, [
      goal,
      times,
    ] as const);
  }

  /** Acts, and waits until each of the goals was met once more than before. */
  async metAgain(goals: readonly GoalKey[], act: () => Promise<unknown>): Promise<void> {
    const before = await this.page.evaluate(() => window.met);
    await act();
    for (const goal of goals) await this.met(goal, { times: before.filter((key) => key === goal).length + 1 });
  }

  /** Loads a page by `load`, and waits until its own scripts, the tracker and the plan are there. */
  async shown(load: () => Promise<unknown>, { page = this.page } = {}): Promise<void> {
    await load();
    await page.waitForLoadState('load');
    await this.met('view', { page });
    this.ledger.count('view');
    if (new URL(page.url()).pathname.startsWith('/products/')) this.ledger.count('product');
    if (new URL(page.url()).pathname.startsWith('/app/plans')) this.ledger.count('plans');
  }

  go(url: string): Promise<void> {
    return this.shown(() => this.page.goto(url, { waitUntil: 'commit' }));
  }

  reload(): Promise<void> {
    return this.shown(() => this.page.reload({ waitUntil: 'commit' }));
  }

  /** Changes the route by `change`, and waits until it is a view. */
  async routed(change: () => Promise<unknown>): Promise<void> {
    await this.metAgain(['view'], change);
    this.ledger.count('view');
    if (new URL(this.page.url()).pathname.startsWith('/app/plans')) this.ledger.count('plans');
    if (new URL(this.page.url()).pathname.startsWith('/lookbook/')) this.ledger.count('look');
  }

  /** The renderer dies; what follows happens in a new tab. */
  async crash(): Promise<void> {
    const { page } = this;
    const crashed = page.waitForEvent('crash');
    const session = await this.#context.newCDPSession(page);
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    this.page = await this.#context.newPage();
    await page.close();
  }

  /** The network goes away while `act` happens, and comes back. */
  async offline(act: () => Promise<void>): Promise<void> {
    await this.#context.setOffline(true);
    await act();
    await this.#context.setOffline(false);
  }

  /** A tab that something opens. */
  async opens(open: () => Promise<void>): Promise<Page> {
    const tab = this.#context.waitForEvent('page');
    await open();
    return tab;
  }

  /** Comes back on a good network until nothing waits to be delivered, then is gone. */
  async leave(): Promise<void> {
    this.at.network.fates = [];
    const waiting = (): Promise<number> =>
      this.page.evaluate(async () => {
        await window.tracker.flush();
        return Object.keys(localStorage).filter((key) => key.startsWith('gp:')).length;
      });
    let left = await waiting();
    if (left > 0) {
      // A tab that crashed keeps its turn at what others left for a few seconds, then any page takes it; and the server
      // may be starting again, which takes as long as the machine is busy.
      // Its quiet page: a page that is loaded again where it was scrolled to has been scrolled there.
      const quiet = new URL(new URL(this.page.url()).pathname.startsWith('/app') ? '/app' : '/', this.page.url()).href;
      const again = async () => {
        await this.go(quiet);
        left = await waiting();
        return left;
      };
      await expect.poll(again, { message: `what ${this.ledger.name} left behind`, timeout: 180_000 }).toBe(0);
    }
    await this.#context.close();
  }
}
