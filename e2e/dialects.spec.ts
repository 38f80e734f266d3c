/**
 * Every kind of goal of five products: made through its own API with its own key, seen natively, met by a visitor on a
 * page with that product's script, and counted.
 */
import type { Page } from '@playwright/test';
import type { GoalCase } from './dialect-goals.ts';
import { pagesenseGoals, plausibleGoals, SPARKLYTICS_REVENUE, sparklyticsGoals } from './dialect-goals.ts';
import { midaDuration, midaGoals } from './dialect-goals-mida.ts';
import { type DialectSite, expectCounts, openSite, PRODUCTS, type Product, Visit } from './dialect-site.ts';
import type { GoalpostServer } from './goalpost-server.ts';
import { expect, test } from './shop-test.ts';

/** Makes the goals and expects each natively with its trigger. */
async function make(site: DialectSite, product: Product, cases: readonly GoalCase[]): Promise<void> {
  for (const { name, body } of cases) {
    const made = await site.ask(product.method, product.goals(site), body);
    expect([name, made.status, made.body]).toEqual([name, product.created, made.body]);
  }
  const triggers = new Map((await site.goals()).map((goal) => [goal.name, goal.trigger.type]));
  for (const { name, trigger } of cases) expect([name, triggers.get(name)]).toEqual([name, trigger]);
}

/** Does what only looks like the goals, expects nothing of it, then what meets them, and expects each once. */
async function act(site: DialectSite, page: Page, cases: readonly GoalCase[]): Promise<void> {
  const visit = new Visit(page, site);
  await visit.load('/start');
  for (const { miss } of cases) await miss?.(visit);
  await visit.sent();
  await expectCounts(site, Object.fromEntries(cases.map(({ name }) => [name, 0])));
  for (const { meet } of cases) await meet?.(visit);
  await expectCounts(site, Object.fromEntries(cases.map(({ name, meet }) => [name, meet ? 1 : 0])));
}

/** A site whose pages are served as long as `use` runs. */
async function onSite(
  server: GoalpostServer,
  product: Product,
  use: (site: DialectSite) => Promise<void>,
): Promise<void> {
  const site = await openSite(server, product);
  await use(site);
  await site.close();
}

/** What a goal brought, natively. */
async function revenueOf(site: DialectSite, name: string) {
  const goal = (await site.goals()).find((one) => one.name === name);
  const stats = await site.native<{ revenue: { currency: string; total: string }[] }>(
    'GET',
    `/goals/${goal?.id}/stats?fresh=true`,
  );
  return stats.revenue.map(({ currency, total }) => `${total} ${currency}`);
}

test('Plausible: three types, with properties and without', async ({ page, server }) => {
  await onSite(server, PRODUCTS.plausible, async (site) => {
    const cases = plausibleGoals();
    await make(site, PRODUCTS.plausible, cases);
    await act(site, page, cases);
    for (const name of ['Purchase', 'Upgrade']) expect(await revenueOf(site, name)).toEqual(['19.90 EUR']);
  });
});

test('PageSense: ten types, nine ways to match a page', async ({ page, server }) => {
  await onSite(server, PRODUCTS.pagesense, async (site) => {
    const rules = [{ match: 'wildcard', value: `${site.origin}/cart/*` }];
    await site.native('POST', '/url-groups', { key: 'checkout', name: 'Checkout', rules });
    const cases = pagesenseGoals(site);
    await make(site, PRODUCTS.pagesense, cases);
    await act(site, page, cases);
    expect(await revenueOf(site, 'Type 7')).toEqual(['19.90 EUR']);
    await site.native('POST', '/events', { events: [{ name: 'invoiced' }] });
    const counts = Object.fromEntries(cases.map(({ name }) => [name, 1]));
    await expectCounts(site, counts);
  });
});

test('Sparklytics: two types, four operators, three value modes', async ({ page, server }) => {
  await onSite(server, PRODUCTS.sparklytics, async (site) => {
    const cases = sparklyticsGoals();
    await make(site, PRODUCTS.sparklytics, cases);
    await act(site, page, cases);
    const ids = new Map((await site.goals()).map((goal) => [goal.name, goal.id]));
    for (const { name, mode } of cases) {
      const id = ids.get(name) ?? '';
      const { body: stats } = await site.ask('GET', `${PRODUCTS.sparklytics.goals(site)}/${id}/stats`);
      const once = { goal_id: id, conversions: 1, converting_sessions: 1, total_sessions: 1, conversion_rate: 1 };
      expect([name, stats]).toMatchObject([name, { data: once }]);
      const summary = await site.ask('GET', `/api/websites/${site.id}/revenue/summary?goal_id=${id}`);
      const revenue = SPARKLYTICS_REVENUE[mode];
      expect([name, summary.body]).toEqual([
        name,
        { data: { goal_id: id, model: 'last_touch', conversions: 1, revenue } },
      ]);
    }
  });
});

test('DataFast: goal events of a visitor, from the server and from the page', async ({ page, server }) => {
  const product: Product = PRODUCTS.datafast;
  await onSite(server, product, async (site) => {
    const visit = new Visit(page, site);
    await visit.load('/start');
    await visit.say("datafast('Newsletter Signup', { plan: 'pro' })");
    await visit.sent();
    const cookie = (await page.context().cookies(site.origin)).find(({ name }) => name === 'datafast_visitor_id');
    const visitor = { datafast_visitor_id: decodeURIComponent(cookie?.value ?? '') };
    const path = product.goals(site);
    const stranger = await site.ask('POST', path, { datafast_visitor_id: 'nobody', name: 'Newsletter Signup' });
    expect([stranger.status, stranger.body.status]).toEqual([404, 'error']);
    const sent = await site.ask('POST', path, { ...visitor, name: 'Newsletter Signup', metadata: { plan: 'pro' } });
    expect([sent.status, sent.body]).toMatchObject([200, { status: 'success' }]);
    await visit.say("datafast('Newsletter Signup')");
    await visit.sent();
    const paid = await site.ask('POST', '/api/v1/payments', {
      ...visitor,
      amount: 19.9,
      currency: 'EUR',
      transaction_id: 'tx_1',
    });
    expect(paid.status).toBe(200);
    expect((await site.goals()).map(({ name, trigger }) => [name, trigger.type])).toEqual([
      ['payment', 'revenue'],
      ['newsletter_signup', 'event'],
    ]);
    expect(await revenueOf(site, 'payment')).toEqual(['19.90 EUR']);
    // The event that came before its goal is the past, which is counted as well, a little later.
    await expect
      .poll(async () => (await site.ask('GET', '/api/v1/analytics/goals')).body.data)
      .toEqual([
        { goal: 'newsletter_signup', completions: 3, visitors: 1 },
        { goal: 'payment', completions: 1, visitors: 1 },
      ]);
  });
});

test('Mida: fourteen types', async ({ page, server }) => {
  await onSite(server, PRODUCTS.mida, async (site) => {
    const cases = midaGoals(site);
    await make(site, PRODUCTS.mida, cases);
    await act(site, page, cases);
    expect(await revenueOf(site, 'Mida revenue')).toEqual(['19.90 EUR']);
    await make(site, PRODUCTS.mida, [midaDuration]);
    await midaDuration.meet?.(new Visit(page, site));
    await expectCounts(site, Object.fromEntries([...cases, midaDuration].map(({ name }) => [name, 1])));
  });
});
