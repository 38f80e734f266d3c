/** Funnels, what a goal would have counted, how far the past is counted, and conversions one by one, in a real browser. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { goalpostApi } from '../demo/goalpost.mjs';
import { expect, test, visit } from './dashboard-test.ts';

// Every test looks at many views.
test.slow();

const pageview = (value: string) => ({ type: 'pageview', url: { match: 'path', value } });

test('a funnel is built by choosing goals, shows who went on, and is its address', async ({ page, office }) => {
  const goals = `/api/sites/${office.site.id}/goals`;
  await office.call('POST', goals, { name: 'Saw a product', key: 'saw', trigger: pageview('/products/*') });
  await office.call('POST', goals, { name: 'Bought', key: 'bought', trigger: pageview('/thanks') });
  for (let visitor = 1; visitor <= 4; visitor += 1) {
    const events = [{ n: '$pageview', u: 'https://shop.example/products/cup', a: -2_000 }];
    if (visitor === 1) events.push({ n: '$pageview', u: 'https://shop.example/thanks', a: -1_000 });
    await visit(office, events, { visitor });
  }
  await page.goto(`${office.url}/sites/${office.site.domain}`);
  await page.getByRole('link', { name: 'Funnels' }).click();
  await page.getByLabel('Step 1').selectOption('Saw a product');
  await page.getByLabel('Step 2').selectOption('Bought');
  const funnel = page.getByRole('region', { name: 'The funnel' });
  await expect(funnel).toContainText('25.0%went all the way: 1 of 4 visits');
  await expect(funnel.getByRole('row', { name: /Bought/ })).toContainText('25.0% went on3 lost');
  await page.getByLabel('Who goes the whole way').selectOption('By one visitor');
  await expect(funnel).toContainText('1 of 4 visitors');
  expect(new URL(page.url()).search).toBe('?goals=saw%2Cbought&per=visitor&window=30');
  await page.reload();
  await expect(funnel).toContainText('1 of 4 visitors');
  await page.keyboard.press('e');
  await expect(funnel).toContainText('0 of 0 visitors');
  await page.goBack();
  await page.getByLabel('Step 2').selectOption('');
  await expect(funnel).toHaveCount(0);
});

test('the editor shows what the goal would have counted, and once saved it counts that', async ({ page, office }) => {
  for (let visitor = 1; visitor <= 3; visitor += 1) {
    await visit(office, [{ n: '$pageview', u: 'https://shop.example/pricing?plan=pro' }], { visitor });
  }
  await visit(office, [{ n: '$pageview', u: 'https://shop.example/about' }], { visitor: 4 });
  await page.goto(`${office.url}/sites/${office.site.domain}/goals/new`);
  await page.getByLabel('Name').first().fill('Saw the prices');
  const past = page.getByRole('region', { name: 'The last 7 days' });
  const address = page.getByRole('textbox', { name: 'Address' });
  await address.fill('/pricing');
  await expect(past).toContainText('3 conversions by this definition');
  await expect(past.getByRole('listitem')).toHaveText(['/pricing 3']);
  await address.fill('/nothing');
  await expect(past).toContainText('Nothing that was recorded meets it');
  await page.getByRole('radio', { name: /^Clicks an element/ }).check();
  await page.getByLabel('Selector of the element').fill('.buy');
  await expect(past).toContainText('counts from the moment it is saved');
  await page.getByRole('radio', { name: /^Visits a page/ }).check();
  await address.fill('/pricing');
  await expect(past).toContainText('3 conversions by this definition');
  await page.getByRole('button', { name: 'Create goal' }).click();

  await expect(page.getByText('Counting what happened before')).toBeVisible();
  await expect(page.locator('dl div', { hasText: 'Total' }).locator('.figure')).toHaveText('3');
  await expect(page.getByText('Counting what happened before')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Last conversions' }).getByRole('row')).toHaveCount(4);
});

test('conversions are shown one by one, newest first, with earlier ones on demand', async ({ page, office }) => {
  const trigger = { type: 'revenue', name: 'purchase' };
  const goal = await office.call('POST', `/api/sites/${office.site.id}/goals`, { name: 'Bought', trigger });
  for (let order = 1; order <= 12; order += 1) {
    const u = `https://shop.example/done/${order}`;
    const bought = { n: 'purchase', u, m: '10.00', c: 'EUR', o: `A-${order}`, a: (order - 20) * 1_000 };
    await visit(office, [bought], { visitor: order });
  }
  await page.goto(`${office.url}/sites/${office.site.domain}/goals/${goal.id}`);
  const recent = page.getByRole('region', { name: 'Last conversions' });
  await expect(recent.getByRole('row')).toHaveCount(11);
  await expect(recent.getByRole('row').nth(1)).toContainText('A-12');
  await expect(recent.getByRole('row').nth(1)).toContainText('€10.00');
  await recent.getByRole('button', { name: 'Show earlier ones' }).click();
  await expect(recent.getByRole('row')).toHaveCount(13);
  await expect(recent.getByRole('row').last()).toContainText('A-1');
  await expect(recent.getByRole('button', { name: 'Show earlier ones' })).toHaveCount(0);
});

test('what visitors and owners write is shown in funnels, previews and lists, and never run', async ({
  page,
  office,
}) => {
  const hostile = '<img src=x onerror="document.title=1">"<script>document.title=1</script>';
  const goals = `/api/sites/${office.site.id}/goals`;
  const saw = await office.call('POST', goals, { name: hostile, key: 'saw', trigger: pageview('/**') });
  await office.call('POST', goals, { name: `${hostile}2`, key: 'two', trigger: { type: 'revenue', name: hostile } });
  const u = `https://shop.example/${hostile}?utm_source=${encodeURIComponent(hostile)}`;
  const bought = { n: hostile, u, m: '1.00', c: 'EUR', o: hostile, a: -10 };
  await visit(office, [{ n: '$pageview', u, a: -20 }, bought]);
  const site = `${office.url}/sites/${office.site.domain}`;
  for (const view of ['/funnels?goals=saw,two', `/goals/${saw.id}`, `/goals/${saw.id}/edit`]) {
    await page.goto(site + view);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.waitForLoadState('networkidle');
    await expect(page.locator('main')).toContainText('<img src=x');
    await expect(page).toHaveTitle(/Goalpost/);
    expect(await page.locator('main img, main script').count()).toBe(0);
  }
});

test('the set-up page looks at a page of the site and says what is wrong with it', async ({ page, office }) => {
  await page.goto(`${office.url}/sites/${office.site.domain}/install`);
  await page.getByText('Nothing arrives?').click();
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.locator('.why-no')).toContainText('cannot be read');
  await page.getByLabel('The server can look at a page').fill('https://elsewhere.example/');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByText("elsewhere.example is not one of the site's hosts")).toBeVisible();
});

test('the set-up page names the cure of whatever stands in the way on a page', async ({ page, office }) => {
  const script = `<script defer src="${office.url}/tracker.js" data-site="${office.site.key}"></script>`;
  const pages: Record<string, string> = {
    '/': script,
    '/manager': '<script src="https://www.googletagmanager.com/gtm.js?id=GTM-1"></script>',
    '/held': script.replace('defer', 'type="text/plain"'),
    '/pending': script.replace('defer', 'defer data-consent="pending"'),
    '/proxied': script.replace(office.url, '/stats'),
    '/policy': `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">${script}`,
  };
  const shop = createServer((request, response) => response.end(pages[request.url ?? ''] ?? ''));
  await new Promise<void>((listening) => shop.listen(0, '127.0.0.1', listening));
  const account = goalpostApi({ url: office.url, key: office.adminKey });
  await account.call('PATCH', `/api/sites/${office.site.id}`, { allowed_hosts: ['localhost', office.site.domain] });
  await page.goto(`${office.url}/sites/${office.site.domain}/install`);
  await page.getByText('Nothing arrives?').click();
  for (const [path, kind, cure] of [
    ['/manager', 'no', 'A tag manager is there: if it brings the script, publish its container.'],
    ['/held', 'no', 'a consent tool holds the script back'],
    ['/pending', 'ok', 'nothing is sent until the page calls tracker.consent(true)'],
    ['/proxied', 'no', 'Let the proxy hand on tracker.js, plan/… and e to this server'],
    ['/policy', 'no', `add ${office.url} to script-src and connect-src`],
    ['/', 'ok', 'serve it from the site’s own domain'],
  ] as const) {
    const { port } = shop.address() as AddressInfo;
    await page.getByLabel('The server can look at a page').fill(`http://localhost:${port}${path}`);
    await page.getByRole('button', { name: 'Look at it' }).click();
    await expect(page.locator(`.why-${kind}`).filter({ hasText: cure })).toBeVisible();
  }
  shop.close();
});
