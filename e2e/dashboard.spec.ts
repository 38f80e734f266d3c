/** The dashboard as its people use it: from the one-time link to numbers, in a real browser on the real server. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, freshTest, OWNER, test, visit } from './dashboard-test.ts';

// Every test looks at many views.
test.slow();

const HOSTILE = '<img src=x onerror="document.title=1">"\'><script>document.title=1</script>';

freshTest(
  'the one-time link leads to an account, a site, a first event, a goal and its count',
  async ({ page, fresh, browser }) => {
    await page.goto(fresh.setupUrl);
    await page.getByLabel('E-mail address').fill(OWNER.email);
    await page.getByLabel('Password').fill(OWNER.password);
    await page.getByRole('button', { name: 'Create account' }).click();

    await page.getByRole('link', { name: 'Add a site' }).click();
    await page.getByLabel('Address').fill('shop.example');
    await page.getByRole('button', { name: 'Add site' }).click();
    const snippet = await page.locator('.snippet code').textContent();
    await expect(page.getByText('Waiting for the first event…')).toBeVisible();

    const html = String(snippet).replace('<script', '<script data-allow-automation');
    const shop = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
    await new Promise<void>((listening) => shop.listen(0, '127.0.0.1', listening));
    const shopUrl = `http://localhost:${(shop.address() as AddressInfo).port}/`;
    const visitor = await (await browser.newContext()).newPage();
    await visitor.goto(shopUrl);
    await expect(page.getByText('It works: the first event is here.')).toBeVisible();

    await page.getByRole('link', { name: 'New goal' }).click();
    await page.getByLabel('Name').first().fill('Signed up');
    await page.getByRole('radio', { name: /^Custom event/ }).check();
    await page.getByLabel('Name', { exact: true }).nth(1).fill('signup');
    await page.getByRole('button', { name: 'Would it count?' }).click();
    await expect(page.getByText('Yes, it would count.')).toBeVisible();
    await page.getByRole('button', { name: 'Create goal' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Signed up' })).toBeVisible();

    await visitor.goto(shopUrl);
    const sent = visitor.waitForResponse((response) => String(response.request().postData()).includes('signup'));
    await visitor.evaluate(() =>
      (window as unknown as { tracker: { track(name: string): void } }).tracker.track('signup'),
    );
    expect((await sent).status()).toBe(202);
    await page.getByRole('link', { name: 'Goals' }).first().click();
    await expect(
      page
        .getByRole('row', { name: /Signed up/ })
        .getByRole('cell')
        .first(),
    ).toHaveText('1');
    await visitor.context().close();
    shop.close();
  },
);

freshTest('a set-up link works once', async ({ page, fresh }) => {
  const token = new URL(fresh.setupUrl).searchParams.get('token');
  const joined = await page.request.post(`${fresh.url}/api/account/join`, { data: { token, ...OWNER } });
  expect(joined.status()).toBe(201);
  await page.context().clearCookies();
  await page.goto(fresh.setupUrl);
  await page.getByLabel('E-mail address').fill('eve@example.com');
  await page.getByLabel('Password').fill('another long password');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('alert')).toContainText('used already');
});

test('a login shows the view that was asked for, and logging out hides it', async ({ page, office }) => {
  await page.context().clearCookies();
  await page.goto(`${office.url}/sites/${office.site.domain}/settings`);
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert')).toContainText('wrong');
  await page.getByLabel('Password').fill(OWNER.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.getByText(OWNER.name, { exact: true }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await page.goto(`${office.url}/sites/${office.site.domain}`);
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
});

test('a click on a breakdown filters, and its removal undoes it', async ({ page, office }) => {
  const goal = await office.call('POST', `/api/sites/${office.site.id}/goals`, {
    name: 'Read',
    trigger: { type: 'pageview', url: { match: 'contains', value: '/read' } },
  });
  for (let visitor = 1; visitor <= 5; visitor += 1) {
    const u = `https://shop.example/read${visitor > 2 ? '?utm_source=letter' : ''}`;
    await visit(office, [{ n: '$pageview', u }], { visitor });
  }
  await page.goto(`${office.url}/sites/${office.site.domain}/goals/${goal.id}`);
  const total = page.locator('dl div', { hasText: 'Total' }).locator('.figure');
  await expect(total).toHaveText('5');
  await page.getByRole('button', { name: 'letter', exact: true }).click();
  await expect(total).toHaveText('3');
  await page.getByRole('button', { name: /Remove the filter/ }).click();
  await expect(total).toHaveText('5');
  await page.keyboard.press('e');
  await expect(total).toHaveText('0');
  await page.goBack();
  await expect(total).toHaveText('5');
});

test('the editor names the fault of a selector while it is typed, and changes a goal', async ({ page, office }) => {
  const goal = await office.call('POST', `/api/sites/${office.site.id}/goals`, {
    name: 'Bought',
    trigger: { type: 'element_click', selector: '.buy' },
  });
  await page.goto(`${office.url}/sites/${office.site.domain}/goals/${goal.id}/edit`);
  const selector = page.getByLabel('Selector of the element');
  await selector.fill('div[');
  await expect(selector).toHaveAttribute('aria-invalid', 'true');
  await selector.fill('.buy-now');
  await expect(selector).not.toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('A piece of its HTML').fill('<button class="buy-now">Buy</button>');
  await page.getByRole('button', { name: 'Would it count?' }).click();
  await expect(page.getByText('Yes, it would count.')).toBeVisible();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.locator('.lead')).toHaveText('Click on .buy-now');
});

test('a viewer sees numbers and is offered no change', async ({ page, office }) => {
  await page.goto(`${office.url}/members`);
  await page.getByLabel('E-mail address').fill('vera@example.com');
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = await page.locator('.notice code').textContent();
  await page.context().clearCookies();
  await page.goto(String(link));
  await page.getByLabel('Password').fill('a viewer only looks');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('link', { name: office.site.domain }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Goals' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'New goal' })).toHaveCount(0);
  const answer = await page.evaluate(async (site) => {
    const { csrf_token } = await (await fetch('/api/account')).json();
    const goal = { name: 'x', trigger: { type: 'engagement' } };
    const headers = { 'x-csrf-token': csrf_token };
    return (await fetch(`/api/sites/${site}/goals`, { method: 'POST', headers, body: JSON.stringify(goal) })).status;
  }, office.site.id);
  expect(answer).toBe(403);
});

test('what visitors and owners write is shown, never run', async ({ page, office }) => {
  const goal = await office.call('POST', `/api/sites/${office.site.id}/goals`, {
    name: HOSTILE,
    description: HOSTILE,
    trigger: { type: 'event', name: HOSTILE },
  });
  const views = ['', '/live', '/install', '/settings', `/goals/${goal.id}`, `/goals/${goal.id}/edit`];
  const u = `https://shop.example/${HOSTILE}?utm_source=${encodeURIComponent(HOSTILE)}`;
  await visit(office, [{ n: HOSTILE, u, d: HOSTILE, f: 'javascript:alert(1)', p: { [HOSTILE]: HOSTILE } }]);
  for (const view of views) {
    await page.goto(`${office.url}/sites/${office.site.domain}${view}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    if (view === '/live') await visit(office, [{ n: HOSTILE, u }]);
    await expect(page.locator('main')).toContainText(view === '/install' || view === '/settings' ? /\w/ : '<img src=x');
    await expect(page).toHaveTitle(/Goalpost/);
    expect(await page.locator('main img, main script').count()).toBe(0);
    for (const link of await page.locator('a[href]').all()) {
      expect(await link.evaluate((anchor: HTMLAnchorElement) => anchor.protocol)).toMatch(/^https?:$/);
    }
  }
});
