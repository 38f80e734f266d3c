/**
 * The test of all shop specs: a real server a worker, a site and a shop a test, and a page that is watched. A test
 * fails when its page saw an error or wrote to the console, whatever else it shows.
 */
import { test as base, expect, type Locator } from '@playwright/test';
import { startShop } from '../demo/shop/server.mjs';
import {
  addSite,
  type GoalpostServer,
  type GoalStatistics,
  newDataFolder,
  openServer,
  removeDataFolder,
  type TestSite,
} from './goalpost-server.ts';

/** The shop as a test meets it. */
export interface Shop {
  /** Base URL, host localhost. */
  url: string;
  /** Another host that the shop's outbound link leads to. */
  partnerUrl: string;
  site: TestSite;
}

/** How a test wants its shop. */
export interface ShopOptions {
  /** Whether the strip of goals is shown. */
  strip: boolean;
  /** Makes the base URL that pages take the tracker from, e.g. that of a proxy. */
  collectorUrl: (server: GoalpostServer) => Promise<string>;
}

interface Fixtures {
  shopOptions: ShopOptions;
  /** What the browser itself may write to the console, such as a refusal that the network brought. */
  expectedNoise: RegExp | undefined;
  shop: Shop;
  quietPage: undefined;
}

export const test = base.extend<Fixtures, { server: GoalpostServer }>({
  server: [
    // Playwright wants a pattern here, the linter no empty one: so it names what it does not use.
    async ({ browserName: _ }, use) => {
      const data = await newDataFolder();
      const server = await openServer(data);
      await use(server);
      await server.stop();
      await removeDataFolder(data);
    },
    { scope: 'worker' },
  ],
  shopOptions: [{ strip: false, collectorUrl: async (server) => server.url }, { option: true }],
  shop: async ({ server, shopOptions }, use) => {
    const site = await addSite(server);
    const partner = await startShop({ settings: settingsOf(server.url, site.key), counts: noCounts });
    const partnerUrl = partner.url.replace('localhost', '127.0.0.1');
    const shop = await startShop({
      settings: {
        ...settingsOf(await shopOptions.collectorUrl(server), site.key),
        partnerUrl: `${partnerUrl}/stories/firing`,
        strip: shopOptions.strip,
      },
      counts: noCounts,
    });
    await use({ url: shop.url, partnerUrl, site });
    await shop.close();
    await partner.close();
  },
  expectedNoise: [undefined, { option: true }],
  quietPage: [
    async ({ page, expectedNoise }, use) => {
      const heard: string[] = [];
      page.on('console', (message) => {
        if (!expectedNoise?.test(message.text())) heard.push(`${message.type()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => heard.push(String(error.stack ?? error)));
      await use(undefined);
      expect(heard, 'the page saw an error or wrote to the console').toEqual([]);
    },
    { auto: true },
  ],
});

function settingsOf(goalpostUrl: string, siteKey: string) {
  return { goalpostUrl, siteKey, partnerUrl: '/', allowAutomation: true, strip: false };
}

async function noCounts() {
  return { goals: [] };
}

/** Types over what a field holds, as a person does; `fill` adds to it where Firefox is driven. */
export async function type(field: Locator, text: string): Promise<void> {
  await field.press('ControlOrMeta+a');
  await field.pressSequentially(text);
}

/** Waits until a goal's statistics show so many conversions, and returns them; more than that fails at once. */
export async function expectConversions(site: TestSite, goal: string, number: number): Promise<GoalStatistics> {
  await expect
    .poll(async () => (await site.statistics(goal)).conversions, { message: `conversions of ${goal}` })
    .toBe(number);
  return site.statistics(goal);
}

export { expect };
