/** The goal picker on a page of the owner's own: pointing, choosing, saving, in a real browser and by keyboard. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, type Office, test as officeTest } from './dashboard-test.ts';

/** A shop's page under a policy that allows Goalpost's script and nothing inline. */
const test = officeTest.extend<{ shop: string }>({
  shop: async ({ office }, use) => {
    const html = `<!doctype html><html lang="en"><title>Cups</title><main><h1>Cups</h1>
      <a class="card px-4" href="/cups/dawn">Dawn cup</a><a class="card px-4" href="/cups/tall">Tall cup</a>
      <button id="buy" class="mt-2"><svg width="20" height="20"><circle r="9" cx="10" cy="10"/></svg> Buy</button>
      <form action="/letters"><input name="email"><button>Send</button></form><p id="out">nothing</p></main>
      <script src="/page.js"></script></html>`;
    const script = `for (const name of ['click', 'submit', 'pointerdown'])
      addEventListener(name, () => { document.getElementById('out').textContent = 'heard ' + name; });`;
    const policy = `default-src 'none'; script-src 'self' ${office.url}; connect-src ${office.url}; form-action 'self'`;
    const server: Server = createServer((request, response) => {
      const isScript = request.url === '/page.js';
      // As an owner's own pages are: with the tracker.
      const tracker = `<script src="${office.url}/tracker.js" data-site="${office.site.key}" data-allow-automation></script>`;
      const page = request.url === '/tracked' ? html.replace('</html>', `${tracker}</html>`) : html;
      response.setHeader('content-security-policy', policy);
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html').end(isScript ? script : page);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    await use(`http://localhost:${(server.address() as AddressInfo).port}/`);
    server.close();
  },
  // The shop is another host, which a page with the picker is meant to reach.
  watched: async ({ browserName: _ }, use) => use(undefined),
});

test.slow();

/** Opens the picker from the editor and answers the page it lies over. */
async function openPicker(page: Page, office: Office, shop: string): Promise<Page> {
  await page.goto(`${office.url}/sites/${office.site.domain}/goals/new`);
  const start = page.getByRole('form', { name: 'Point at it on your site' });
  await start.getByLabel(/Rather point at it/).fill(shop);
  const opened = page.context().waitForEvent('page');
  await start.getByRole('button', { name: 'Point at it' }).click();
  const over = await opened;
  await over.waitForLoadState();
  const bookmark = await start.getByRole('link', { name: 'Goalpost picker' }).getAttribute('href');
  expect(bookmark).toMatch(/^javascript:/);
  // What the browser does with a bookmark that was clicked.
  await over.evaluate(String(bookmark).replace(/^javascript:/, ''));
  await expect(over.getByRole('dialog', { name: 'Point at what should count' })).toBeVisible();
  return over;
}

test('pointing at a button makes a goal that the server has, and the page hears nothing of it', async ({
  page,
  office,
  shop,
}) => {
  const over = await openPicker(page, office, shop);
  expect(over.url()).toBe(shop);
  await over.locator('#buy svg').click();
  const panel = over.getByRole('dialog', { name: 'A new goal' });
  await expect(panel.getByLabel('Selector')).toHaveValue('#buy');
  await expect(panel.getByText('Finds this one on this page.')).toBeVisible();
  await panel.getByLabel('Selector').fill('a.card');
  await expect(panel.getByText('Finds 2 on this page.')).toBeVisible();
  await panel.getByLabel('Selector').fill('a[');
  await panel.getByRole('button', { name: 'Save goal' }).click();
  await expect(panel.getByRole('alert')).toContainText(/selector/i);
  await panel.getByRole('button', { name: '#buy', exact: true }).click();
  await panel.getByLabel('Name of the goal').fill('Pressed buy');
  const { violations } = await new AxeBuilder({ page: over }).include('div[lang=en]').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await panel.getByRole('button', { name: 'Save goal' }).click();
  const saved = over.getByRole('dialog', { name: '“Pressed buy” is saved' });
  const link = await saved.getByRole('link', { name: 'See it in Goalpost' }).getAttribute('href');
  await saved.getByRole('button', { name: 'Close' }).click();
  await expect(over.locator('#out')).toHaveText('nothing');
  await expect(over.getByRole('dialog')).toHaveCount(0);
  await over.locator('#buy').click();
  await expect(over.locator('#out')).toHaveText('heard click');
  await page.goto(String(link));
  await expect(page.getByRole('heading', { level: 1, name: 'Pressed buy' })).toBeVisible();
  await expect(page.locator('.lead')).toHaveText('Click on #buy');
});

test('a form is picked by keyboard alone, and Escape leaves nothing on the page', async ({ page, office, shop }) => {
  const over = await openPicker(page, office, shop);
  await over.locator('form button').focus();
  await over.keyboard.press('Enter');
  const panel = over.getByRole('dialog', { name: 'A new goal' });
  await expect(panel.getByRole('radio', { name: 'Its form is sent' })).toBeFocused();
  await expect(panel.getByLabel('Selector')).toHaveValue('form[action="/letters"]');
  await over.keyboard.press('ArrowLeft');
  await expect(panel.getByText('Whatever says “Send”')).toBeVisible();
  await over.keyboard.press('Escape');
  await expect(over.getByRole('dialog', { name: 'Point at what should count' })).toBeVisible();
  await over.keyboard.press('Escape');
  await expect(over.getByRole('dialog')).toHaveCount(0);
  expect(await over.evaluate(() => document.documentElement.children.length)).toBe(2);
  expect(over.url()).toBe(shop);
});

/** Points at an element, chooses how it counts, saves it, and answers the address of the goal. */
async function pick(over: Page, choice: { element: string; kind: string; name: string }): Promise<string> {
  await over.locator(choice.element).click();
  const panel = over.getByRole('dialog', { name: 'A new goal' });
  await panel.getByText(choice.kind, { exact: true }).click();
  await expect(panel.getByRole('radio', { name: choice.kind })).toBeChecked();
  await panel.getByLabel('Name of the goal').fill(choice.name);
  await panel.getByRole('button', { name: 'Save goal' }).click();
  const saved = over.getByRole('dialog', { name: `“${choice.name}” is saved` });
  await expect(saved).toBeVisible();
  const { violations } = await new AxeBuilder({ page: over }).include('div[lang=en]').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  return String(await saved.getByRole('link', { name: 'See it in Goalpost' }).getAttribute('href'));
}

test('a text and a sight are picked on a page, and a visitor who clicks the one and sees the other is counted', async ({
  page,
  office,
  shop,
  browser,
}) => {
  const over = await openPicker(page, office, shop);
  const byText = await pick(over, { element: '#buy', kind: 'Its text is clicked', name: 'Wanted it' });
  await over.getByRole('dialog').getByRole('button', { name: 'One more' }).click();
  await expect(over.getByRole('dialog', { name: 'Point at what should count' })).toBeVisible();
  const bySight = await pick(over, { element: 'h1', kind: 'It comes into sight', name: 'Saw the cups' });
  await over.close();

  const visitor = await (await browser.newContext()).newPage();
  const planned = visitor.waitForResponse((answer) => answer.url().includes('/plan/'));
  await visitor.goto(`${shop}tracked`);
  await planned;
  await visitor.evaluate(`window.heard = new Set(); tracker.on('conversion', ({ goal }) => heard.add(goal));`);
  await visitor.getByRole('button', { name: 'Buy' }).click();
  await expect.poll(() => visitor.evaluate('heard.size')).toBe(2);
  await visitor.evaluate('tracker.flush()');
  await visitor.context().close();
  for (const [address, lead] of [
    [byText, 'Click on text “Buy”'],
    [bySight, /h1 for 1 s$/],
  ] as const) {
    await page.goto(address);
    await expect(page.locator('.lead')).toHaveText(lead);
    await expect(page.locator('dl div', { hasText: 'Total' }).locator('.figure')).toHaveText('1');
  }
});

test('on a page with the tracker the panel opens by the address alone', async ({ page, office, shop }) => {
  await page.goto(`${office.url}/sites/${office.site.domain}/goals/new`);
  const start = page.getByRole('form', { name: 'Point at it on your site' });
  await start.getByLabel(/Rather point at it/).fill(`${shop}tracked`);
  const opened = page.context().waitForEvent('page');
  await start.getByRole('button', { name: 'Point at it' }).click();
  const over = await opened;
  await expect(over.getByRole('dialog', { name: 'Point at what should count' })).toBeVisible();
  expect(over.url()).toBe(`${shop}tracked`);
});

test('an owner is not counted after opening a page with #goalpost-off, until #goalpost-on', async ({ page, shop }) => {
  const answers: string[] = [];
  page.on('dialog', async (dialog) => {
    answers.push(dialog.message());
    await dialog.accept();
  });
  const beacons = (): number => sent.filter((url) => url.endsWith('/e')).length;
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  await page.goto(`${shop}tracked#goalpost-off`);
  await expect.poll(() => answers.length).toBe(1);
  expect(answers[0]).toContain('does not count this browser');
  const before = beacons();
  await page.goto(`${shop}tracked`);
  await page.evaluate(`tracker.track('mine'); tracker.flush()`);
  expect(beacons()).toBe(before);
  await page.goto(`${shop}tracked#goalpost-on`);
  await page.reload();
  await expect.poll(() => answers.length).toBe(2);
  await expect.poll(beacons).toBeGreaterThan(before);
});

test('an ordinary visitor loads nothing of the picker', async ({ page, office, shop }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(shop);
  await page.addScriptTag({ url: `${office.url}/tracker.js` });
  await page.waitForLoadState('networkidle');
  expect(asked.some((url) => url.endsWith('/tracker.js'))).toBe(true);
  expect(asked.filter((url) => url.includes('picker'))).toEqual([]);
});
