/** Settings of a site in a real browser: what is saved is what the collector follows, and the log says who saved it. */
import { expect, OWNER, test, visit } from './dashboard-test.ts';

// Every test looks at many views.
test.slow();

test('a path that is excluded in the settings is dropped in the live view with the reason, and logged', async ({
  page,
  office,
}) => {
  const site = `${office.url}/sites/${office.site.domain}`;
  await page.goto(`${site}/settings`);
  await page.getByLabel('Paths').fill('/admin/**\n/admin/**');
  await page.getByLabel('Days to keep events').fill('for ever');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByLabel('Days to keep events')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Days to keep events').fill('400');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const log = page.locator('section', { hasText: 'Audit log' });
  await expect(log.getByRole('row', { name: /Site changed/ })).toContainText(OWNER.name);

  await page.goto(`${site}/live`);
  await expect(page.getByText('Listening')).toBeVisible();
  await visit(office, [{ n: '$pageview', u: 'https://shop.example/admin/orders' }]);
  const dropped = page.getByRole('row', { name: /excluded_path/ });
  await expect(dropped).toContainText('Its path is excluded in the settings.');
  await expect(dropped).toContainText('Page view on https://shop.example/admin/orders');
  await page.goto(`${site}/settings`);
  await expect(page.getByLabel('Days to keep events')).toHaveValue('400');
});

test('the settings lead owners to the address that leaves their own browser out', async ({ page, office }) => {
  await page.goto(`${office.url}/sites/${office.site.domain}/settings`);
  const link = page.getByRole('link', { name: 'https://shop.example/#goalpost-off' });
  await expect(link).toHaveAttribute('href', 'https://shop.example/#goalpost-off');
});

test('the goals of a period are a file to take away', async ({ page, office }) => {
  const trigger = { type: 'revenue', name: 'purchase' };
  const goals = `/api/sites/${office.site.id}/goals`;
  const { id } = await office.call('POST', goals, { name: 'Bought', trigger });
  await office.call('POST', goals, { name: 'Unmet', trigger: { type: 'engagement' } });
  await visit(office, [{ n: 'purchase', u: 'https://shop.example/done', m: '49.99', c: 'EUR', o: 'A-1' }]);
  await page.goto(`${office.url}/sites/${office.site.domain}`);
  const href = await page.getByRole('link', { name: 'These goals as CSV' }).getAttribute('href');
  const answer = await page.request.get(office.url + String(href));
  expect(answer.headers()['content-type']).toContain('text/csv');
  const lines = (await answer.text()).trim().split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines.find((line) => line.startsWith(`Bought,${id},`))).toContain('EUR,49.99');
});

test('a goal that was deleted is brought back with what it counted', async ({ page, office }) => {
  const goals = `/api/sites/${office.site.id}/goals`;
  const { id } = await office.call('POST', goals, { name: 'Signed up', trigger: { type: 'event', name: 'signup' } });
  await visit(office, [{ n: 'signup', u: 'https://shop.example/' }]);
  await office.call('GET', `${goals}/${id}/stats?fresh=true`);
  await page.goto(`${office.url}/sites/${office.site.domain}/goals/${id}`);
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'What should visitors do here?' })).toBeVisible();
  await page.getByText('Deleted goals').click();
  await page.getByRole('button', { name: 'Bring back Signed up' }).click();
  await expect(page.getByRole('row', { name: /^Signed up/ })).toContainText('100.0%');
  await expect(page.getByText('Deleted goals')).toHaveCount(0);
});

test('on a phone the live view says in two lines what came, when, and what became of it', async ({ page, office }) => {
  await page.setViewportSize({ width: 375, height: 760 });
  const goals = `/api/sites/${office.site.id}/goals`;
  await office.call('POST', goals, {
    name: 'Saw the prices',
    trigger: { type: 'pageview', url: { match: 'simple', value: '/prices' } },
  });
  await page.goto(`${office.url}/sites/${office.site.domain}/live`);
  await expect(page.getByText('Nothing has come in lately')).toBeVisible();
  const long = 'name_'.repeat(30);
  await visit(office, [
    { n: '$pageview', u: `https://shop.example/prices?${'long=query&'.repeat(20)}` },
    { n: long, u: 'https://shop.example/' },
  ]);
  const row = page.getByRole('row', { name: /Page view/ });
  await expect(page.getByRole('row', { name: long })).toBeVisible();
  const at = async (part: string) => (await row.locator(part).boundingBox())!;
  const [what, when, became] = [await at('th'), await at('.time'), await at('td:last-child')];
  await expect(row.locator('td:last-child')).toHaveText('Saw the prices');
  expect([when.y - what.y, when.x > what.x + what.width - 1]).toEqual([0, true]);
  expect([became.x, became.y >= what.y + what.height]).toEqual([what.x, true]);
  const spilt = (element: Element) => element.scrollWidth - element.clientWidth;
  expect(await page.getByRole('rowheader', { name: long }).evaluate(spilt)).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
});
