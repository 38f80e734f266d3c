/** Every view to axe: light and dark, all that folds unfolded; and none is wider than a phone, or a window at 200 %. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, freshTest, joinAs, type Office, OWNER, test, visit } from './dashboard-test.ts';

// Every test looks at many views.
test.slow();
freshTest.slow();

const PHONE = { width: 375, height: 760 };
/** What 1280 by 800 shows at 200 %. */
const ZOOMED = { width: 640, height: 400 };
/** What depends on colours; the rest is the same in the dark. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

async function faults(builder: AxeBuilder): Promise<string[]> {
  const { violations } = await builder.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/** What is shown now, light and dark, on a phone and zoomed in. */
async function expectFaultless(page: Page, view: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(PHONE);
  const light = await faults(new AxeBuilder({ page }));
  const phone = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(ZOOMED);
  const dark = await faults(new AxeBuilder({ page }).withRules(COLOUR_RULES));
  const zoomed = await page.evaluate(() => document.documentElement.scrollWidth);
  expect.soft({ view, light, dark }).toEqual({ view, light: [], dark: [] });
  expect.soft(phone, view).toBeLessThanOrEqual(PHONE.width);
  expect.soft(zoomed, view).toBeLessThanOrEqual(ZOOMED.width);
}

/** Views whose connection to the server stays open. */
const STREAMING = /\/(live|install)$/;

/** Goes to a view, unfolds what it has, and looks at it. */
async function expectViewsFaultless(page: Page, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    if (!STREAMING.test(address)) await page.waitForLoadState('networkidle');
    await page.locator('main summary').evaluateAll((summaries) => {
      for (const summary of summaries) (summary.parentElement as HTMLDetailsElement).open = true;
    });
    await expectFaultless(page, new URL(address).pathname);
  }
}

/** A goal with numbers, another without, a version, a filter that is worth a click; answers the first one's id. */
async function withNumbers(office: Office): Promise<string> {
  const goals = `/api/sites/${office.site.id}/goals`;
  const bought = { name: 'Bought', key: 'bought', trigger: { type: 'revenue', name: 'purchase' } };
  const { id } = await office.call('POST', goals, bought);
  await office.call('PATCH', `${goals}/${id}`, { name: 'Bought something' });
  await office.call('POST', goals, { name: 'Other', key: 'other', trigger: { type: 'engagement' } });
  const u = 'https://shop.example/done?utm_source=letter';
  await visit(office, [{ n: 'purchase', u, m: '49.99', c: 'EUR', o: 'A-1' }]);
  await visit(office, [{ n: 'purchase', u: 'https://elsewhere.example/', m: '49.99', c: 'EUR' }]);
  return id;
}

freshTest('axe finds no fault in what is shown before anybody is logged in', async ({ page, fresh }) => {
  const refused = async (button: string) => {
    await page.getByRole('button', { name: button }).click();
    await expect(page.getByRole('alert').or(page.locator('.field-error')).first()).toBeVisible();
  };
  await expectViewsFaultless(page, [`${fresh.url}/login`, fresh.setupUrl, `${fresh.url}/join?token=x`]);
  await page.getByLabel('Password').fill('a viewer only looks');
  await refused('Join');
  await expectFaultless(page, 'an invitation that is none');
  await page.goto(fresh.setupUrl);
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByLabel('Password').fill('short');
  await refused('Create account');
  await expectFaultless(page, 'a password that is too short');
  await page.goto(`${fresh.url}/login`);
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByLabel('Password').fill('wrong');
  await refused('Log in');
  await expectFaultless(page, 'a wrong password');
});

test('axe finds no fault in the views of an account, its menu too', async ({ page, office }) => {
  const views = ['/', '/members', '/account', '/sites/new', `/sites/${office.site.domain}/nothing`];
  await expectViewsFaultless(
    page,
    views.map((view) => office.url + view),
  );
  await page.getByText(OWNER.name, { exact: true }).click();
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
  await expectFaultless(page, 'the menu');
});

test('axe finds no fault in the numbers of a site', async ({ page, office }) => {
  const goal = await withNumbers(office);
  const site = `${office.url}/sites/${office.site.domain}`;
  const views = ['', '/live', '/install', `/goals/${goal}`, '/funnels', '/funnels?goals=bought,other'];
  await expectViewsFaultless(
    page,
    views.map((view) => site + view),
  );
});

test('axe finds no fault in the settings of a site, with a key and a link just made', async ({ page, office }) => {
  await page.goto(`${office.url}/sites/${office.site.domain}/settings`);
  await page.getByRole('button', { name: 'Make a share link' }).click();
  await page.getByRole('button', { name: 'Make a key' }).click();
  await expect(page.getByText('shown this once')).toHaveCount(2);
  await expectFaultless(page, 'settings');
});

test('axe finds no fault in the editor, whatever a goal is met by', async ({ page, office }) => {
  const goal = await withNumbers(office);
  const site = `${office.url}/sites/${office.site.domain}`;
  await expectViewsFaultless(page, [`${site}/goals/${goal}/edit`, `${site}/goals/new`]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(PHONE);
  const kinds = await page.getByRole('radio').all();
  expect(kinds.length).toBeGreaterThan(8);
  for (const kind of kinds) {
    await kind.check();
    const view = await kind.evaluate((radio: HTMLInputElement) => radio.labels?.[0]?.textContent);
    expect.soft([view, await faults(new AxeBuilder({ page }).include('main form'))]).toEqual([view, []]);
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  }
});

test('axe finds no fault in what a share link shows, nor in what a viewer sees', async ({ page, office }) => {
  const goal = await withNumbers(office);
  await page.goto(`${office.url}/sites/${office.site.domain}/settings`);
  const section = page.getByRole('region', { name: 'Share links' });
  await section.getByRole('button', { name: 'Make a share link' }).click();
  const link = String(await section.locator('.snippet code').textContent());
  const shared = ['', `/goals/${goal}`, '/funnels?goals=bought,other', '/settings'];
  await expectViewsFaultless(page, [...shared.map((view) => link + view), `${office.url}/share/x`]);
  await joinAs(page, office, { email: 'vera@example.com', role: 'viewer', password: 'a viewer only looks' });
  await expectViewsFaultless(page, [`${office.url}/sites/${office.site.domain}/settings`]);
});
