/** The dashboard by keyboard alone: the way through it without a mouse, and no control that Tab does not reach. */
import type { Locator, Page } from '@playwright/test';
import { goalpostApi } from '../demo/goalpost.mjs';
import { expect, joinAs, logIn, OWNER, test, visit } from './dashboard-test.ts';

// Every test looks at many views.
test.slow();

/** More than any view has. */
const STOPS = 150;
const CONTROLS = 'a[href], button, input, select, textarea, summary';

/** Goes on with Tab until the control has the focus. */
async function reach(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeEnabled();
  for (let stop = 0; stop < STOPS; stop += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${control}.`);
}

/** Goes to the control and presses it. */
async function press(page: Page, control: Locator): Promise<void> {
  await reach(page, control);
  await page.keyboard.press('Enter');
}

/** Goes to the field and writes; nothing is filled in but by keys. */
async function write(page: Page, field: Locator, text: string): Promise<void> {
  await reach(page, field);
  await page.keyboard.type(text);
}

async function makeGoal(page: Page): Promise<void> {
  await press(page, page.getByRole('link', { name: 'New goal' }));
  await write(page, page.getByLabel('Name').first(), 'Signed up');
  await reach(page, page.getByRole('radio', { name: /^Visits a page/ }));
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^Custom event/ })).toBeChecked();
  await write(page, page.getByLabel('Name', { exact: true }).nth(1), 'signup');
  await press(page, page.getByRole('button', { name: 'Would it count?' }));
  await expect(page.getByText('Yes, it would count.')).toBeVisible();
  await press(page, page.getByRole('button', { name: 'Create goal' }));
  await expect(page.getByRole('heading', { level: 1, name: 'Signed up' })).toBeVisible();
}

async function filterAndCompare(page: Page): Promise<void> {
  const total = page.locator('dl div', { hasText: 'Total' }).locator('.figure');
  await expect(total).toHaveText('3');
  await press(page, page.getByRole('button', { name: 'letter', exact: true }));
  await expect(total).toHaveText('2');
  await press(page, page.getByRole('button', { name: /Remove the filter/ }));
  await expect(total).toHaveText('3');
  await reach(page, page.getByLabel('Compare with'));
  await page.keyboard.press('End');
  await expect(page.getByLabel('Compare with')).toHaveValue('none');
  await expect(page.getByText('Compared period')).toHaveCount(0);
}

async function changeSettings(page: Page): Promise<void> {
  await press(page, page.getByRole('link', { name: 'Settings' }));
  await write(page, page.getByLabel('Paths'), '/admin/**');
  await write(page, page.getByLabel('Days to keep events'), '90 days');
  const save = page.getByRole('button', { name: 'Save settings' });
  await press(page, save);
  await expect(page.getByLabel('Days to keep events')).toHaveAttribute('aria-invalid', 'true');
  await reach(page, page.getByLabel('Days to keep events'));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('90');
  await press(page, save);
  await expect(page.getByText('Saved.')).toBeVisible();
  // What was pressed stays where one is, and what was saved is in the log below.
  await expect(save).toBeFocused();
  await expect(page.getByLabel('Days to keep events')).toHaveValue('90');
  await write(page, page.getByLabel('For whom'), 'The agency');
  await page.keyboard.press('Enter');
  await press(page, page.getByRole('button', { name: 'Revoke the link for The agency' }));
  await expect(page.getByRole('button', { name: 'Revoke the link for The agency' })).toHaveCount(0);
  await reach(page, page.getByRole('checkbox', { name: 'read goals' }));
  await page.keyboard.press('Space');
  await press(page, page.getByRole('button', { name: 'Make a key' }));
  await expect(page.getByText('The new key, shown this once:')).toBeVisible();
}

test('an owner logs in, makes a goal, filters, compares, changes settings and logs out by keyboard alone', async ({
  page,
  office,
}) => {
  await page.context().clearCookies();
  page.on('dialog', (dialog) => dialog.accept());
  await page.goto(`${office.url}/sites/${office.site.domain}`);
  await write(page, page.getByLabel('E-mail address'), OWNER.email);
  await write(page, page.getByLabel('Password'), OWNER.password);
  await page.keyboard.press('Enter');
  await makeGoal(page);
  for (let visitor = 1; visitor <= 3; visitor += 1) {
    const u = `https://shop.example/${visitor > 1 ? '?utm_source=letter' : ''}`;
    await visit(office, [{ n: 'signup', u }], { visitor });
  }
  await page.reload();
  await filterAndCompare(page);
  await changeSettings(page);
  await press(page, page.getByText(OWNER.name, { exact: true }).locator('xpath=ancestor::summary'));
  await press(page, page.getByRole('button', { name: 'Log out' }));
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
});

test('an owner changes and removes a member, revokes a key, looks at versions and builds a funnel by keyboard alone', async ({
  page,
  office,
}) => {
  page.on('dialog', (dialog) => dialog.accept());
  await joinAs(page, office, { email: 'vera@example.com', role: 'viewer', password: 'a viewer only looks' });
  await logIn(page, office.url);
  await page.goto(`${office.url}/members`);
  const role = page.getByLabel('Role of vera@example.com');
  await reach(page, role);
  await page.keyboard.press('ArrowDown');
  await expect(role).toHaveValue('editor');
  await page.reload();
  await expect(role).toHaveValue('editor');
  await press(page, page.getByRole('button', { name: 'Remove vera@example.com' }));
  await expect(role).toHaveCount(0);

  await page.goto(`${office.url}/sites/${office.site.domain}/settings`);
  const revoke = page.getByRole('button', { name: /^Revoke key_/ });
  await press(page, revoke);
  await expect(page.getByRole('cell', { name: /^revoked / })).toBeVisible();
  await expect(revoke).toHaveCount(0);

  const goals = `/api/sites/${office.site.id}/goals`;
  const admin = goalpostApi({ url: office.url, key: office.adminKey });
  const trigger = { type: 'event', name: 'signup' };
  const { id } = await admin.call('POST', goals, { name: 'Signed up', key: 'signup', trigger });
  await admin.call('POST', goals, { name: 'Engaged', key: 'engaged', trigger: { type: 'engagement' } });
  await page.goto(`${office.url}/sites/${office.site.domain}/goals/${id}/edit`);
  await write(page, page.getByLabel('Name').first(), 'Signed up at last');
  await press(page, page.getByRole('button', { name: 'Save changes' }));
  await expect(page.getByRole('heading', { level: 1, name: /at last/ })).toBeVisible();
  await press(page, page.locator('.versions summary'));
  const rows = page.locator('.versions tbody').getByRole('row');
  await expect(rows).toHaveCount(2);
  // A member by name, a key by its id.
  await expect(rows.first().getByRole('cell').last()).toHaveText(OWNER.name);
  await expect(rows.last().getByRole('cell').last()).toHaveText(/^key_/);

  await press(page, page.getByRole('link', { name: 'Funnels' }));
  for (const step of ['Step 1', 'Step 2']) {
    await reach(page, page.getByLabel(step));
    await page.keyboard.press('ArrowDown');
  }
  await expect(page.getByRole('region', { name: 'The funnel' })).toBeVisible();
});

test('Tab reaches every control of every view, and each shows that it has the focus', async ({ page, office }) => {
  const goals = `/api/sites/${office.site.id}/goals`;
  const trigger = { type: 'revenue', name: 'purchase' };
  const goal = await office.call('POST', goals, { name: 'Bought', key: 'bought', trigger });
  await office.call('POST', goals, { name: 'Other', key: 'other', trigger: { type: 'engagement' } });
  await visit(office, [{ n: 'purchase', u: 'https://shop.example/done', m: '49.99', c: 'EUR' }]);
  const site = `/sites/${office.site.domain}`;
  const views = ['', '/live', '/install', '/settings', '/goals/new', `/goals/${goal.id}`, `/goals/${goal.id}/edit`];
  const own = [...views, '/funnels?goals=bought,other'].map((view) => site + view);
  for (const view of ['/', '/members', '/account', '/sites/new', ...own]) {
    await page.goto(office.url + view);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    if (!/\/(live|install)$/.test(view)) await page.waitForLoadState('networkidle');
    await page.locator('main details').evaluateAll((closed) => {
      for (const details of closed) (details as HTMLDetailsElement).open = true;
    });
    const unseen = new Set<string>();
    for (let stop = 0; stop < STOPS; stop += 1) {
      await page.keyboard.press('Tab');
      const end = await page.evaluate(() => {
        const at = document.activeElement as HTMLElement | null;
        if (at === null || at === document.body) return { again: false, bare: null };
        const again = at.dataset.reached === 'twice';
        at.dataset.reached = at.dataset.reached === undefined ? 'once' : 'twice';
        const { outlineStyle, boxShadow } = getComputedStyle(at);
        return { again, bare: outlineStyle === 'none' && boxShadow === 'none' ? at.outerHTML.slice(0, 120) : null };
      });
      if (end.bare !== null) unseen.add(end.bare);
      if (end.again) break;
    }
    const missed = await page.locator(CONTROLS).evaluateAll((elements) =>
      elements
        .filter((element) => element.checkVisibility() && !element.matches(':disabled, [type=radio]:not(:checked)'))
        .filter((element) => (element as HTMLElement).dataset.reached === undefined)
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    expect.soft([view, missed, [...unseen]]).toEqual([view, [], []]);
  }
});
