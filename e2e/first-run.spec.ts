/** The first ten minutes with Goalpost, as one story: from the set-up link to numbers that are right and shared. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { startShop } from '../demo/shop/server.mjs';
import { expect, freshTest, OWNER } from './dashboard-test.ts';
import { newDataFolder, removeDataFolder } from './goalpost-server.ts';

freshTest.slow();

const DOMAIN = 'alder-clay.example';
/** Two people behind one address are told apart by their browsers. */
const BROWSERS = {
  mia: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  tom: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36',
};

/** Makes the owner and the site, and answers the site's public key as the snippet has it. */
async function setUp(page: Page, setupUrl: string): Promise<string> {
  await page.goto(setupUrl);
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('link', { name: 'Add a site' }).click();
  await page.getByLabel('Address').fill(DOMAIN);
  await page.getByLabel('Currency').fill('EUR');
  await page.getByRole('button', { name: 'Add site' }).click();
  await expect(page.getByText('Waiting for the first event…')).toBeVisible();
  const snippet = await page.locator('.snippet code').textContent();
  return /data-site="([^"]+)"/.exec(String(snippet))?.[1] ?? '';
}

/** Makes the goal of a purchase with the editor's form. */
async function makePurchaseGoal(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'New goal' }).click();
  await page.getByLabel('Name').first().fill('Purchase');
  await page.getByRole('radio', { name: /^Purchase or payment/ }).check();
  await page.getByPlaceholder('purchase', { exact: true }).fill('purchase');
  await page.getByRole('button', { name: 'Create goal' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Purchase' })).toBeVisible();
}

/** Makes the goal of the cart by pointing at the shop's own button. */
async function pointAtCartButton(page: Page, dashboard: string, product: string): Promise<void> {
  await page.goto(`${dashboard}/sites/${DOMAIN}/goals/new`);
  await page.getByLabel(/Rather point at it/).fill(product);
  const opened = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'Point at it' }).click();
  const over = await opened;
  // The shop has the tracker, which opens the picker by the page's address.
  await expect(over.getByRole('dialog', { name: 'Point at what should count' })).toBeVisible();
  await over.getByTestId('add-to-cart').click();
  const panel = over.getByRole('dialog', { name: 'A new goal' });
  await panel.getByText('It is clicked').click();
  await panel.getByLabel('Name of the goal').fill('Added to cart');
  await panel.getByRole('button', { name: 'Save goal' }).click();
  await expect(over.getByRole('dialog', { name: '“Added to cart” is saved' })).toBeVisible();
  await over.close();
}

/** Somebody who visits the shop. */
async function visitor(browser: Browser, userAgent: string): Promise<Page> {
  return (await browser.newContext({ userAgent, locale: 'en-GB' })).newPage();
}

async function order(mia: Page, shop: string): Promise<void> {
  await mia.goto(`${shop}/products/dawn-cup?utm_source=letter`);
  await mia.getByTestId('add-to-cart').click();
  await mia.goto(`${shop}/products/quiet-vase`);
  await mia.getByTestId('add-to-cart').click();
  await mia.getByTestId('nav-cart').click();
  await mia.getByTestId('to-checkout').click();
  for (const field of ['name', 'street', 'postcode', 'city']) await mia.getByTestId(`checkout-${field}`).fill('Mia 1');
  await mia.getByTestId('checkout-email').fill('mia@shop.example');
  await mia.getByTestId('checkout-city').press('Enter');
  await mia.waitForURL(/thank-you/);
  await mia.evaluate(() => window.tracker.flush());
}

/** Joins by an invitation and tries what a viewer may not. */
async function lookAsViewer(page: Page, browser: Browser, dashboard: string): Promise<void> {
  await page.goto(`${dashboard}/members`);
  await page.getByLabel('E-mail address').fill('vera@example.com');
  await page.getByRole('button', { name: 'Make a link' }).click();
  const invitation = await page.locator('.notice code').textContent();
  const vera = await (await browser.newContext()).newPage();
  await vera.goto(String(invitation));
  await vera.getByLabel('Password').fill('a viewer only looks');
  await vera.getByRole('button', { name: 'Join' }).click();
  await vera.getByRole('link', { name: DOMAIN }).click();
  await expect(
    vera
      .getByRole('row', { name: /Purchase/ })
      .getByRole('cell')
      .first(),
  ).toHaveText('1');
  await expect(vera.getByRole('link', { name: 'New goal' })).toHaveCount(0);
  await vera.goto(`${dashboard}/sites/${DOMAIN}/goals/new`);
  await vera.getByLabel('Name').first().fill('Mine');
  await vera.getByRole('textbox', { name: 'Address' }).fill('/mine');
  await vera.getByRole('button', { name: 'Create goal' }).click();
  await expect(vera.getByRole('alert')).toContainText('goals:write');
  await vera.context().close();
}

freshTest(
  'from the set-up link to goals, their numbers, a filter, a comparison and a share link',
  async ({ page, fresh, browser }) => {
    const siteKey = await setUp(page, fresh.setupUrl);
    const settings = { goalpostUrl: fresh.url, siteKey, partnerUrl: '/', allowAutomation: true, strip: false };
    const shop = await startShop({ settings, counts: async () => ({ goals: [] }) });
    const tom = await visitor(browser, BROWSERS.tom);
    await tom.goto(shop.url);
    await expect(page.getByText('It works: the first event is here.')).toBeVisible();
    await makePurchaseGoal(page);
    await pointAtCartButton(page, fresh.url, `${shop.url}/products/dawn-cup`);

    const mia = await visitor(browser, BROWSERS.mia);
    await order(mia, shop.url);
    // Tom's browser has the goals of his first visit: those made since come with the answer to the next event.
    const goals = tom.waitForResponse(
      async (answer) => answer.url().includes('/plan/') && (await answer.text()).includes('add-to-cart'),
    );
    await tom.goto(`${shop.url}/products/dawn-cup`);
    await goals;
    // A turn of the page, in which the tracker takes what arrived.
    await tom.evaluate(() => new Promise((turn) => setTimeout(turn)));
    await tom.getByTestId('add-to-cart').click();
    await tom.evaluate(() => window.tracker.flush());

    await page.goto(`${fresh.url}/sites/${DOMAIN}`);
    const cells = (goal: RegExp) => page.getByRole('row', { name: goal }).getByRole('cell');
    await expect(cells(/Purchase/)).toHaveText(['1', '1', '50.0%', '–', '€100.00']);
    await expect(cells(/Added to cart/)).toHaveText(['2', '3', '100.0%', '–', '']);
    await page.getByRole('link', { name: 'Added to cart' }).click();
    const total = page.locator('dl div', { hasText: 'Total' }).locator('.figure');
    await expect(total).toHaveText('3');
    await page.getByText('The numbers').click();
    await expect(page.locator('.chart-table').getByRole('row').last().getByRole('cell')).toHaveText(['3', '0']);
    await page.getByRole('button', { name: 'letter', exact: true }).click();
    await expect(total).toHaveText('2');
    await expect(page.getByText('Compared period')).toBeVisible();
    await page.getByLabel('Compare with').selectOption('No comparison');
    await expect(page.getByText('Compared period')).toHaveCount(0);
    await page.getByRole('button', { name: /Remove the filter/ }).click();
    await expect(total).toHaveText('3');

    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Make a share link' }).click();
    const link = await page.getByRole('region', { name: 'Share links' }).locator('.snippet code').textContent();
    await tom.goto(String(link));
    await expect(
      tom
        .getByRole('row', { name: /Purchase/ })
        .getByRole('cell')
        .last(),
    ).toHaveText('€100.00');
    await expect(tom.getByRole('link', { name: /New goal|Settings|Edit/ })).toHaveCount(0);
    await lookAsViewer(page, browser, fresh.url);
    for (const person of [mia, tom]) await person.context().close();
    await shop.close();
  },
);

freshTest(
  'npm start prints where the dashboard, the set-up link and the demo shop are, and they are there',
  async ({ page }) => {
    const data = await newDataFolder();
    const start = spawn(process.execPath, [fileURLToPath(new URL('../demo/start.mjs', import.meta.url))], {
      env: {
        ...process.env,
        GOALPOST_DATA: data,
        GOALPOST_PORT: '0',
        GOALPOST_RATE_LIMIT: 'off',
        GOALPOST_PASSWORD_COST: '14',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(start, 'close');
    const found: Record<string, string> = {};
    for await (const line of createInterface({ input: start.stdout })) {
      const [, name, url] = /^ {2}(Dashboard|Set it up|Demo shop) +(http\S+)/.exec(line) ?? [];
      if (name !== undefined && url !== undefined) found[name] = url;
      if (line.includes('Ctrl-C')) break;
    }
    expect(Object.keys(found)).toEqual(['Dashboard', 'Set it up', 'Demo shop']);
    expect((await page.request.get(String(found.Dashboard))).status()).toBe(200);
    expect((await page.request.get(String(found['Demo shop']))).status()).toBe(200);
    expect(found['Set it up']).toContain(`${found.Dashboard}setup?token=`);
    start.kill('SIGTERM');
    const [code] = await ended;
    expect(code).toBe(0);
    await removeDataFolder(data);
  },
);
