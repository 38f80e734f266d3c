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
  await expect(page.getByRole('row', { name: /excluded_path/ })).toContainText('Its path is excluded in the settings.');
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
