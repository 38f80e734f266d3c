/** Money on the demo shop: every place a value can be read from, and an order that counts once however often it is seen. */
import type { Page } from '@playwright/test';
import { expect, expectConversions, type Shop, test, type } from './shop-test.ts';

const thanks = { type: 'pageview', url: { match: 'path', value: '/thank-you/*' } };

/** Orders two cups and a vase: 128 euros. */
async function order(page: Page, shop: Shop): Promise<void> {
  await page.goto(`${shop.url}/products/dawn-cup`);
  await type(page.getByTestId('pieces'), '2');
  await page.getByTestId('add-to-cart').click();
  await page.goto(`${shop.url}/products/quiet-vase`);
  await page.getByTestId('add-to-cart').click();
  await page.getByTestId('nav-cart').click();
  await expect(page.getByTestId('cart-sum')).toHaveText('€128.00');
  await page.getByTestId('to-checkout').click();
  await expect(page.getByTestId('checkout-sum')).toHaveText('€128.00');
  for (const field of ['name', 'street', 'postcode', 'city']) await page.getByTestId(`checkout-${field}`).fill('Mia 1');
  await page.getByTestId('checkout-email').fill('mia@shop.example');
  await page.getByTestId('checkout-city').press('Enter');
  await page.waitForURL(/thank-you/);
}

test('a purchase counts once though its page is reloaded three times and gone back to', async ({ page, shop }) => {
  const goal = await shop.site.goal({
    name: 'Purchase',
    trigger: { type: 'revenue', name: 'purchase', currency: 'EUR' },
  });
  await order(page, shop);
  for (let reload = 0; reload < 3; reload += 1) await page.reload();
  await page.goto(`${shop.url}/stories/firing`);
  await page.goBack();
  await page.waitForURL(/thank-you/);
  await page.evaluate(() => window.tracker.flush());
  const { revenue, total_sessions } = await expectConversions(shop.site, goal, 1);
  expect(revenue).toMatchObject([{ currency: 'EUR', total: '128.00', net: '128.00' }]);
  expect(total_sessions).toBe(1);
});

test('values come from the data layer, JSON-LD, an element and a property', async ({ page, shop }) => {
  const once = { trigger: thanks, count: 'once_per_session' };
  const values = {
    'Data layer': { mode: 'data_layer', path: 'ecommerce.value', currency_path: 'ecommerce.currency' },
    'JSON-LD': { mode: 'json_ld', path: 'price', type: 'Order', currency: 'EUR' },
    Element: { mode: 'element', selector: '[data-order-total]' },
    None: { mode: 'none' },
  };
  const goals = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) goals.set(name, await shop.site.goal({ name, value, ...once }));
  const pieces = await shop.site.goal({
    name: 'Pieces',
    trigger: { type: 'event', name: 'purchase' },
    value: { mode: 'property', property: 'pieces', currency: 'USD' },
  });
  await order(page, shop);
  for (const name of ['Data layer', 'JSON-LD', 'Element']) {
    const { revenue } = await expectConversions(shop.site, goals.get(name) ?? '', 1);
    expect(revenue, name).toMatchObject([{ currency: 'EUR', total: '128.00' }]);
  }
  expect((await expectConversions(shop.site, goals.get('None') ?? '', 1)).revenue).toEqual([]);
  expect((await expectConversions(shop.site, pieces, 1)).revenue).toMatchObject([{ total: '2.00' }]);
});

test('an event of the page counts where its name and properties match', async ({ page, shop }) => {
  const film = await shop.site.goal({ name: 'Film', trigger: { type: 'event', name: 'film_played' } });
  const wheel = await shop.site.goal({
    name: 'Wheel',
    trigger: { type: 'event', name: 'film_', match: 'starts_with' },
    properties: { film: 'wheel', seconds: '12' },
  });
  const kiln = await shop.site.goal({
    name: 'Kiln',
    trigger: { type: 'event', name: 'film_played' },
    properties: { film: 'kiln' },
  });
  await page.goto(`${shop.url}/stories/firing`);
  await page.getByTestId('play').click();
  await expectConversions(shop.site, film, 1);
  await expectConversions(shop.site, wheel, 1);
  await expectConversions(shop.site, kiln, 0);
});
