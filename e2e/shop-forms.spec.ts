/** Forms on the demo shop: sent by mouse and by Enter, with and without proof of success. */
import type { Page } from '@playwright/test';
import { expect, expectConversions, type Shop, test, type } from './shop-test.ts';

/** Puts one cup into the cart and fills in the checkout. */
async function fillCheckout(page: Page, shop: Shop): Promise<void> {
  await page.goto(`${shop.url}/products/dawn-cup`);
  await page.getByTestId('add-to-cart').click();
  await page.goto(`${shop.url}/checkout`);
  await page.getByTestId('checkout-name').fill('Mia Brand');
  await page.getByTestId('checkout-email').fill('mia@shop.example');
  await page.getByTestId('checkout-street').fill('Hafenstraße 12');
  await page.getByTestId('checkout-postcode').fill('23966');
  await page.getByTestId('checkout-city').fill('Wismar');
}

test('a form that the browser finds invalid does not count until it is right', async ({ page, shop }) => {
  const goal = await shop.site.goal({ name: 'Letter', trigger: { type: 'form_submit', selector: '#newsletter' } });
  await page.goto(shop.url);
  const field = page.getByTestId('newsletter').locator('input');
  await field.fill('no address');
  await field.press('Enter');
  await page.evaluate(() => window.tracker.flush());
  expect((await shop.site.statistics(goal)).conversions).toBe(0);
  await type(field, 'mia@shop.example');
  await field.press('Enter');
  await expectConversions(shop.site, goal, 1);
});

test('a form with proof counts when the page says thank you', async ({ page, shop }) => {
  const goal = await shop.site.goal({
    name: 'Letter, confirmed',
    trigger: { type: 'form_submit', selector: '#newsletter', confirm: { selector: '.newsletter-thanks' } },
  });
  const never = await shop.site.goal({
    name: 'Letter, refused',
    trigger: { type: 'form_submit', selector: '#newsletter', confirm: { selector: '.newsletter-error' } },
  });
  await page.goto(shop.url);
  await page.getByTestId('newsletter').locator('input').fill('mia@shop.example');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expectConversions(shop.site, goal, 1);
  await expectConversions(shop.site, never, 0);
});

test('an order form counts once, proven by the page that follows it', async ({ page, shop }) => {
  const plain = await shop.site.goal({ name: 'Sent', trigger: { type: 'form_submit', selector: '#checkout' } });
  const proven = await shop.site.goal({
    name: 'Ordered',
    trigger: {
      type: 'form_submit',
      selector: '#checkout',
      confirm: { url: { match: 'path', value: '/thank-you/*' } },
    },
    value: { mode: 'fixed', amount: '12.34', currency: 'USD' },
  });
  await fillCheckout(page, shop);
  await page.getByTestId('place-order').click();
  await page.waitForURL(/thank-you/);
  await expectConversions(shop.site, plain, 1);
  const { revenue } = await expectConversions(shop.site, proven, 1);
  expect(revenue).toMatchObject([{ currency: 'USD', total: '12.34' }]);
});

test('a filter on a property of the form decides', async ({ page, shop }) => {
  const sent = { type: 'form_submit', selector: 'form' };
  const footer = await shop.site.goal({ name: 'Footer', trigger: sent, properties: { place: 'footer' } });
  const header = await shop.site.goal({ name: 'Header', trigger: sent, properties: { place: 'header' } });
  await page.goto(shop.url);
  await page.getByTestId('newsletter').locator('input').fill('mia@shop.example');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await expectConversions(shop.site, footer, 1);
  await expectConversions(shop.site, header, 0);
});
