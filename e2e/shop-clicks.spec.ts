/** Clicks on the demo shop: made through the API, done as a person does, counted once. */
import { expect, expectConversions, test } from './shop-test.ts';

test('a click on the icon inside a button counts for the button, with the price on the page', async ({
  page,
  shop,
}) => {
  const goal = await shop.site.goal({
    name: 'Added to cart',
    trigger: { type: 'element_click', selector: '[data-action="add-to-cart"]' },
    value: { mode: 'element', selector: '[data-price]' },
  });
  await page.goto(`${shop.url}/products/hearth-teapot`);
  await page.getByTestId('add-to-cart-icon').click();
  await expect(page.getByTestId('cart-count')).toHaveText('1');
  const { revenue, converting_sessions } = await expectConversions(shop.site, goal, 1);
  expect(revenue).toMatchObject([{ currency: 'EUR', total: '118.00' }]);
  expect(converting_sessions).toBe(1);
});

test('a text is clicked although the click changes the text', async ({ page, shop }) => {
  const goal = await shop.site.goal({
    name: 'Reserved',
    trigger: { type: 'text_click', text: 'Reserve in the studio' },
    value: { mode: 'fixed', amount: '5.00', currency: 'EUR' },
  });
  await page.goto(`${shop.url}/products/quiet-vase`);
  await page.getByTestId('reserve-icon').click();
  await expect(page.getByTestId('reserve')).toContainText('Kept until Saturday');
  const { revenue } = await expectConversions(shop.site, goal, 1);
  expect(revenue).toMatchObject([{ currency: 'EUR', total: '5.00' }]);
});

test('a button pressed by keyboard counts once', async ({ page, shop }) => {
  const goal = await shop.site.goal({
    name: 'Asked for hours',
    trigger: { type: 'text_click', text: 'visit the', match: 'starts_with' },
  });
  await page.goto(shop.url);
  await page.getByTestId('hero-hours').focus();
  await page.keyboard.press('Enter');
  await expectConversions(shop.site, goal, 1);
});

test('a link followed by keyboard counts once, and only it', async ({ page, shop }) => {
  const goal = await shop.site.goal({
    name: 'Went to checkout',
    trigger: { type: 'link_click', href: { match: 'path', value: '/checkout' } },
  });
  const other = await shop.site.goal({ name: 'Outbound', trigger: { type: 'link_click', outbound: true } });
  await page.goto(`${shop.url}/products/dawn-cup`);
  await page.getByTestId('add-to-cart').click();
  await page.getByTestId('nav-cart').click();
  await expect(page.getByTestId('to-checkout')).toBeVisible();
  await page.getByTestId('to-checkout').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/checkout$/);
  await expectConversions(shop.site, goal, 1);
  await expectConversions(shop.site, other, 0);
});

test('an outbound link counts once although the page is left by it', async ({ page, shop }) => {
  const goal = await shop.site.goal({ name: 'Left', trigger: { type: 'link_click', outbound: true } });
  await page.goto(shop.url);
  await page.getByTestId('outbound').click();
  await page.waitForURL(`${shop.partnerUrl}/**`);
  await expectConversions(shop.site, goal, 1);
});

test('a middle click opens a tab and counts once', async ({ page, context, shop }) => {
  const goal = await shop.site.goal({
    name: 'Looked at a cup',
    trigger: { type: 'link_click', selector: '.card a', href: { match: 'ends_with', value: '/dawn-cup' } },
  });
  await page.goto(shop.url);
  const tab = context.waitForEvent('page');
  await page.getByTestId('product-dawn-cup').click({ button: 'middle' });
  await (await tab).waitForURL(/dawn-cup$/);
  await expectConversions(shop.site, goal, 1);
});

test('the first touch of a view counts, the second does not', async ({ page, shop }) => {
  const goal = await shop.site.goal({ name: 'First touch', trigger: { type: 'engagement' } });
  await page.goto(shop.url);
  await page.getByTestId('filter-table').click();
  await page.getByTestId('hero-hours').click();
  await page.evaluate(() => window.tracker.flush());
  await expectConversions(shop.site, goal, 1);
});
