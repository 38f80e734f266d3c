/** Attention on the demo shop: time, scrolling, what comes into sight, and the strip that shows it all. */
import { expect, expectConversions, test } from './shop-test.ts';

test('reading to three quarters of the page counts, the top alone does not', async ({ page, shop }) => {
  const deep = await shop.site.goal({ name: 'Deep', trigger: { type: 'scroll_depth', percent: 75 } });
  const top = await shop.site.goal({ name: 'Top', trigger: { type: 'scroll_depth', percent: 10 } });
  await page.goto(`${shop.url}/stories/firing`);
  await expectConversions(shop.site, top, 1);
  await expectConversions(shop.site, deep, 0);
  await page.mouse.move(640, 400);
  await page.mouse.wheel(0, 1600);
  await page.mouse.wheel(0, 2000);
  await expectConversions(shop.site, deep, 1);
});

test('time that is spent on the page counts once', async ({ page, shop }) => {
  const goal = await shop.site.goal({ name: 'Two seconds', trigger: { type: 'time_spent', seconds: 2 } });
  const later = await shop.site.goal({ name: 'An hour', trigger: { type: 'time_spent', seconds: 3600 } });
  await page.goto(`${shop.url}/stories/firing`);
  await page.bringToFront();
  await expectConversions(shop.site, goal, 1);
  await expectConversions(shop.site, later, 0);
});

test('what comes into sight counts when it has stayed', async ({ page, shop }) => {
  const goal = await shop.site.goal({
    name: 'Promises',
    trigger: { type: 'element_visible', selector: '[data-promises]', ratio: 0.5, delay_ms: 300 },
  });
  await page.goto(shop.url);
  await page.evaluate(() => window.tracker.flush());
  expect((await shop.site.statistics(goal)).conversions).toBe(0);
  await page.getByTestId('promises').scrollIntoViewIfNeeded();
  await expectConversions(shop.site, goal, 1);
});

test.describe('with the strip', () => {
  test.use({ shopOptions: { strip: true, collectorUrl: async (server) => server.url } });

  test('a goal that fires lights up', async ({ page, shop }) => {
    const id = await shop.site.goal({
      name: 'Added to cart',
      key: 'add_to_cart',
      trigger: { type: 'element_click', selector: '[data-action="add-to-cart"]' },
    });
    await page.route('**/goals.json', async (route) => {
      const { conversions } = await shop.site.statistics(id);
      const goal = { id, key: 'add_to_cart', name: 'Added to cart', hint: '', conversions, revenue: '' };
      await route.fulfill({ json: { goals: [goal] } });
    });
    await page.goto(`${shop.url}/products/dawn-cup`);
    const chip = page.locator('[data-goal="add_to_cart"]');
    await expect(chip).toContainText('0');
    await page.getByTestId('add-to-cart').click();
    await expect(chip).toHaveClass(/fired/);
    await expect(chip).toContainText('1');
  });
});
