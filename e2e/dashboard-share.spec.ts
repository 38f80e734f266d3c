/** Share links and one's own account, in a real browser: what a stranger with a link sees, and what not. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, joinAs, type Office, test, visit } from './dashboard-test.ts';

// Every test looks at many views.
test.slow();

const WANTED = { name: 'Read', key: 'read', trigger: { type: 'pageview', url: { match: 'contains', value: '/read' } } };

async function withNumbers(office: Office): Promise<{ id: string }> {
  const goal = await office.call('POST', `/api/sites/${office.site.id}/goals`, WANTED);
  for (let visitor = 1; visitor <= 3; visitor += 1) {
    const u = `https://shop.example/read${visitor > 2 ? '?utm_source=letter' : ''}`;
    await visit(office, [{ n: '$pageview', u }], { visitor });
  }
  return goal;
}

/** Makes a link in the settings, as an owner would, and answers its address. */
async function shareLink(page: Page, office: Office): Promise<string> {
  await page.goto(`${office.url}/sites/${office.site.domain}/settings`);
  const section = page.getByRole('region', { name: 'Share links' });
  await section.getByLabel('For whom').fill('The agency');
  await section.getByRole('button', { name: 'Make a share link' }).click();
  const link = await section.locator('.snippet code').textContent();
  expect(link).toMatch(/\/share\/\w{50}$/);
  return String(link);
}

test('a share link shows goals, filters and files to a stranger and offers no change, until it is revoked', async ({
  page,
  office,
  browser,
}) => {
  const goal = await withNumbers(office);
  const link = await shareLink(page, office);
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(link);
  const row = stranger.getByRole('row', { name: /Read/ });
  await expect(row.getByRole('cell').first()).toHaveText('3');
  await expect(stranger.getByRole('link', { name: 'New goal' })).toHaveCount(0);
  await expect(stranger.getByRole('navigation').getByRole('link')).toHaveText(['Goals', 'Funnels']);

  await stranger.getByRole('link', { name: 'Read' }).click();
  await expect(stranger).toHaveURL(new RegExp(`/share/\\w+/goals/${goal.id}`));
  await stranger.getByRole('button', { name: 'letter', exact: true }).click();
  const total = stranger.locator('dl div', { hasText: 'Total' }).locator('.figure');
  await expect(total).toHaveText('1');
  await expect(stranger.getByRole('link', { name: 'Edit' })).toHaveCount(0);
  await expect(stranger.getByText('Last conversions')).toHaveCount(0);
  const download = stranger.waitForEvent('download');
  await stranger.getByRole('button', { name: 'Sources as CSV' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toContain('letter');

  const settings = `${link}/settings`;
  await stranger.goto(settings);
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('Not part of what is shared');
  const token = link.split('/share/')[1];
  const refused = await stranger.request.post(`${office.url}/api/sites/${office.site.id}/goals`, {
    headers: { authorization: `Bearer ${token}` },
    data: WANTED,
  });
  expect(refused.status()).toBe(403);

  page.on('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Revoke the link for The agency' }).click();
  await expect(page.getByRole('button', { name: 'Revoke the link for The agency' })).toHaveCount(0);
  await stranger.goto(link);
  await expect(stranger.getByRole('heading', { name: 'This link has ended' })).toBeVisible();
  await stranger.context().close();
});

test('an owner who opens a share link sees what a stranger sees, and is an owner again afterwards', async ({
  page,
  office,
}) => {
  await withNumbers(office);
  await page.goto(await shareLink(page, office));
  await expect(page.getByText('Shared, read only')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Settings' })).toHaveCount(0);
  await page.goto(`${office.url}/sites/${office.site.domain}`);
  await expect(page.getByRole('link', { name: 'New goal' })).toBeVisible();
});

test('a changed password keeps this login and ends the others', async ({ page, office, browser }) => {
  const elsewhere = await (await browser.newContext()).newPage();
  const [email, password] = ['vera@example.com', 'a viewer only looks'];
  await joinAs(page, office, { email, role: 'viewer', password });
  const login = await elsewhere.request.post(`${office.url}/api/account/login`, { data: { email, password } });
  expect(login.status()).toBe(200);
  await page.goto(`${office.url}/account`);
  await page.getByLabel('Present password').fill('wrong');
  await page.getByLabel('New password').fill('another sentence entirely');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('This is not your password.')).toBeVisible();
  await page.getByLabel('Present password').fill(password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Changed.')).toBeVisible();
  await page.goto(`${office.url}/`);
  await expect(page.getByRole('heading', { level: 1, name: 'Sites' })).toBeVisible();
  await elsewhere.goto(`${office.url}/`);
  await expect(elsewhere.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await elsewhere.context().close();
});
