/** Leaving clicks on bad networks: the navigation waits for nobody, and the conversion is counted once all the same. */
import type { Page } from '@playwright/test';
import type { TestSite } from './goalpost-server.ts';
import { test as base, expect, expectConversions, type Shop } from './shop-test.ts';
import { openSlowProxy, type SlowProxy } from './slow-proxy.ts';

const test = base.extend<{ network: SlowProxy }>({
  network: async ({ server }, use) => {
    const proxy = await openSlowProxy(server.url);
    await use(proxy);
    await proxy.close();
  },
  shopOptions: async ({ network }, use) => {
    await use({ strip: false, collectorUrl: async () => network.url });
  },
});

const leaving = (site: TestSite): Promise<string> =>
  site.goal({ name: 'Left', trigger: { type: 'link_click', outbound: true } });

test('a leaving click does not wait for a collector that answers when the visitor is gone', async ({
  page,
  shop,
  network,
}) => {
  const goal = await leaving(shop.site);
  await page.goto(shop.url);
  await expect.poll(() => network.seen.length).toBeGreaterThan(0);
  const release = network.hold();
  await page.getByTestId('outbound').click();
  await page.waitForURL(`${shop.partnerUrl}/**`);
  await expect.poll(() => network.seen).toContain('held');
  release();
  await expectConversions(shop.site, goal, 1);
});

test('a leaving click whose answer is never heard is not counted again by the next page', async ({
  page,
  shop,
  network,
}) => {
  const goal = await leaving(shop.site);
  await page.goto(shop.url);
  const release = network.hold();
  await page.getByTestId('outbound').click();
  await page.waitForURL(`${shop.partnerUrl}/**`);
  await expectConversions(shop.site, goal, 1);
  await page.goto(`${shop.url}/cart`);
  release();
  await page.evaluate(() => window.tracker.flush());
  await expectConversions(shop.site, goal, 1);
});

/** The collector answers a leaving click after this long; a page that waited for it would be late by as much. */
const LATE_MS = 1_500;

/** Follows the link out of the shop; when the browser began to, ms since 1970. */
async function leave({ page, shop }: { page: Page; shop: Shop }): Promise<number> {
  await page.getByTestId('outbound').click();
  await page.waitForURL(`${shop.partnerUrl}/**`);
  return page.evaluate(() => performance.timeOrigin);
}

test('a leaving click is counted once by a collector that takes a second and a half, and leaves before that', async ({
  page,
  shop,
  network,
}) => {
  const goal = await leaving(shop.site);
  await page.goto(shop.url);
  await expect.poll(() => network.answered_ms.length).toBeGreaterThan(0);
  const before = network.answered_ms.length;
  network.delay(LATE_MS);
  const left_ms = await leave({ page, shop });
  await expect.poll(() => network.answered_ms.length).toBeGreaterThan(before);
  expect(left_ms).toBeLessThan(network.answered_ms[before]!);
  await expectConversions(shop.site, goal, 1);
  network.delay(0);
  await page.goto(`${shop.url}/cart`);
  await page.evaluate(() => window.tracker.flush());
  await expectConversions(shop.site, goal, 1);
});

test('a plan that comes late costs no conversion and no value', async ({ page, shop, network }) => {
  const goal = await shop.site.goal({
    name: 'Product page',
    trigger: { type: 'pageview', url: { match: 'path', value: '/products/*' } },
    value: { mode: 'element', selector: '[data-price]', currency: 'EUR' },
  });
  const release = network.holdPlan();
  await page.clock.install();
  await page.goto(`${shop.url}/products/moon-bowl`);
  await page.clock.runFor(3_000);
  release();
  await page.clock.resume();
  const { revenue } = await expectConversions(shop.site, goal, 1);
  expect(revenue).toMatchObject([{ currency: 'EUR', total: '46.00' }]);
});

test.describe('where the collector refuses', () => {
  test.use({ expectedNoise: /the server responded with a status of 503/ });

  test('a leaving click that is refused at first is delivered by the next page', async ({ page, shop, network }) => {
    const goal = await leaving(shop.site);
    await page.goto(shop.url);
    await expect.poll(() => network.seen.length).toBeGreaterThan(0);
    network.refuse(1);
    await page.getByTestId('outbound').click();
    await page.waitForURL(`${shop.partnerUrl}/**`);
    await expect.poll(() => network.seen).toContain('refused');
    await page.goto(`${shop.url}/cart`);
    await expectConversions(shop.site, goal, 1);
  });

  test('a leaving click refused after a second and a half leaves before that and is counted once', async ({
    page,
    shop,
    network,
  }) => {
    const goal = await leaving(shop.site);
    await page.goto(shop.url);
    await expect.poll(() => network.answered_ms.length).toBeGreaterThan(0);
    const before = network.answered_ms.length;
    network.delay(LATE_MS);
    network.refuse(1);
    const left_ms = await leave({ page, shop });
    await expect.poll(() => network.answered_ms.length).toBeGreaterThan(before);
    expect(left_ms).toBeLessThan(network.answered_ms[before]!);
    network.delay(0);
    await page.goto(`${shop.url}/cart`);
    await expectConversions(shop.site, goal, 1);
    await page.evaluate(() => window.tracker.flush());
    await expectConversions(shop.site, goal, 1);
  });

  test('a click in a page that stays is sent again after a refusal, under the same id', async ({
    page,
    shop,
    network,
  }) => {
    const goal = await shop.site.goal({ name: 'Film', trigger: { type: 'event', name: 'film_played' } });
    await page.goto(`${shop.url}/stories/firing`);
    await expect.poll(() => network.seen.length).toBeGreaterThan(0);
    network.refuse(1);
    await page.getByTestId('play').click();
    await expectConversions(shop.site, goal, 1);
    expect(network.seen.filter((fate) => fate === 'refused')).toHaveLength(1);
  });
});
