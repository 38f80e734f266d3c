/** Pages and routes of the demo shop: loads, client-side routes, and where a goal listens. */
import { expectConversions, test } from './shop-test.ts';

const rooms = { match: 'path', value: '/lookbook/*' };

test('a loaded page counts where its URL matches', async ({ page, shop }) => {
  const goal = await shop.site.goal({
    name: 'Saw a product',
    trigger: { type: 'pageview', url: { match: 'wildcard', value: 'http://localhost*/products/*' } },
    where: { exclude: [{ match: 'ends_with', value: '/linen-throw' }] },
  });
  await page.goto(`${shop.url}/products/dawn-cup?utm_source=letter`);
  await page.goto(`${shop.url}/products/linen-throw`);
  await page.goto(`${shop.url}/cart`);
  await expectConversions(shop.site, goal, 1);
});

test('a client-side route counts as a virtual view, a load of the same address does not', async ({ page, shop }) => {
  const virtual = await shop.site.goal({ name: 'Look', trigger: { type: 'pageview', url: rooms, view: 'virtual' } });
  const load = await shop.site.goal({ name: 'Look, loaded', trigger: { type: 'pageview', url: rooms, view: 'load' } });
  await page.goto(`${shop.url}/lookbook/table`);
  await expectConversions(shop.site, load, 1);
  await page.getByTestId('look-window').click();
  await expectConversions(shop.site, virtual, 1);
  await expectConversions(shop.site, load, 1);
});

test('going back inside the page is a view of its own', async ({ page, shop }) => {
  const goal = await shop.site.goal({
    name: 'Looks',
    trigger: { type: 'pageview', url: { match: 'exact', value: `${shop.url}/lookbook/window` } },
  });
  await page.goto(`${shop.url}/lookbook`);
  await page.getByTestId('look-window').click();
  await page.getByTestId('look-evening').click();
  await page.goBack();
  await expectConversions(shop.site, goal, 2);
});

test('once a session means once, however many pages match', async ({ page, shop }) => {
  const goal = await shop.site.goal({
    name: 'Interested',
    trigger: { type: 'pageview', url: { match: 'contains', value: '/products/' } },
    count: 'once_per_session',
  });
  for (const slug of ['dawn-cup', 'moon-bowl', 'quiet-vase']) await page.goto(`${shop.url}/products/${slug}`);
  await page.evaluate(() => window.tracker.flush());
  await expectConversions(shop.site, goal, 1);
});
