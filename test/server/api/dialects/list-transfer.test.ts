/** What a product's API lists is taken by an import as it stands, and is listed the same where it was brought. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../running-server.ts';

let server: TestServer;
let sites = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

type Fields = Record<string, unknown>;
interface Site {
  key: string;
  id: string;
  /** Public key. */
  project: string;
}

async function newSite(): Promise<Site> {
  sites += 1;
  const { site, key } = await server.addSite(`shop${sites}.example`);
  return { key, id: site.id, project: site.key };
}

/** How a product's goals are made and listed, and which of a row's fields its server gives. */
interface Product {
  made: readonly Fields[];
  method: 'POST' | 'PUT';
  make: (site: Site) => string;
  list: (site: Site) => string;
  scheme: string;
  wrap: (goal: Fields) => unknown;
  member: 'goals' | 'projectgoals' | 'data';
  given: readonly string[];
}

const names = (goals: readonly Fields[], field: string) =>
  goals.map((goal, at) => ({ ...goal, [field]: `Goal number ${at}` }));

const PRODUCTS: Record<string, Product> = {
  plausible: {
    made: [
      { goal_type: 'Goal.CustomEvent', goal: { event_name: 'Signup', custom_props: { plan: 'pro' } } },
      { goal_type: 'Goal.Pageview', goal: { path: '/blog/*', custom_props: { author: 'Ann', topic: 'a|b' } } },
      { goal_type: 'Goal.Revenue', goal: { event_name: 'Purchase', currency: 'EUR' } },
    ],
    method: 'PUT',
    make: () => '/api/plugins/v1/goals',
    list: () => '/api/plugins/v1/goals?limit=100',
    scheme: 'Bearer',
    wrap: (goal) => goal,
    member: 'goals',
    given: ['id'],
  },
  'plausible, flat': {
    made: [
      { goal_type: 'event', event_name: 'Signup', display_name: 'Sign-ups', custom_props: { plan: 'pro' } },
      { goal_type: 'page', page_path: '/thanks', display_name: 'Thanked' },
    ],
    method: 'PUT',
    make: () => '/api/v1/sites/goals',
    list: () => '/api/v1/sites/goals',
    scheme: 'Bearer',
    wrap: (goal) => goal,
    member: 'goals',
    given: ['id'],
  },
  pagesense: {
    made: names(
      [
        ...[1, 2, 3, 5, 6, 7, 8].map((match_type) => ({
          goal_type: 1,
          goal_url: match_type === 8 ? 'shop.example' : '/shop',
          url: [{ match_type }],
        })),
        { goal_type: 1, goal_url: '^/shop/\\d+$', url: [{ match_type: 4 }], exclude_urls: ['^/shop/7$'] },
        { goal_type: 2, link_url: 'https://partner.example/', include_urls: ['/a', '/b'] },
        { goal_type: 2, goal_url: 'https://partner.example/' },
        { goal_type: 2, link_url: 'https://partner.example/', goal_url: '/a' },
        { goal_type: 3 },
        { goal_type: 3, selector: 'form#a', goal_url: '/contact' },
        { goal_type: 4, selector: '.cta', include_urls: ['*'] },
        { goal_type: 5 },
        { goal_type: 6, event_name: 'signup' },
        { goal_type: 7, event_name: 'order', currency: 'EUR' },
        { goal_type: 8, time_threshold: 30 },
        { goal_type: 9, goal_url: '/route' },
        { goal_type: 10, event_name: 'invoiced' },
      ],
      'display_name',
    ),
    method: 'POST',
    make: ({ project }) => `/pagesense/rest/v1/portal/p/projectgoals/${project}`,
    list: ({ project }) => `/pagesense/rest/v1/portal/p/projectgoals/${project}`,
    scheme: 'Zoho-oauthtoken',
    wrap: (projectgoal) => ({ projectgoal }),
    member: 'projectgoals',
    given: ['goal_id', 'created_time', 'project_linkname'],
  },
  sparklytics: {
    made: names(
      ['event', 'pageview'].flatMap((goal_type) =>
        ['equals', 'contains', 'starts_with', 'ends_with'].flatMap((match_operator) => [
          { goal_type, match_operator, match_value: '/a*b', value_mode: 'none', currency: 'CREDITS' },
          { goal_type, match_operator, match_value: '/a', value_mode: 'fixed', fixed_value: 9.5, currency: 'POINTS' },
          { goal_type, match_operator, match_value: '/a', value_mode: 'event_property', value_property_key: 'amount' },
        ]),
      ),
      'name',
    ),
    method: 'POST',
    make: ({ id }) => `/api/websites/${id}/goals`,
    list: ({ id }) => `/api/websites/${id}/goals`,
    scheme: 'Bearer',
    wrap: (goal) => goal,
    member: 'data',
    given: ['id', 'website_id', 'created_at', 'updated_at'],
  },
  mida: {
    made: names(
      [
        ['clickOnElement', '.cta', 'https://shop.example/a/*'],
        ['clickOnText', 'Start', 'https://shop.example/'],
        ['formSubmit', 'form#b', null],
        ['pageview', 'https://shop.example/pricing', 'https://shop.example/kept'],
        ['pageviewExact', 'https://shop.example/pricing?plan=pro', null],
        ['pageviewWildcard', 'https://shop.example/blog/*', null],
        ['pageviewRegex', '^https://shop\\.example/blog/.+$', null],
        ['script', 'mida_script', null],
        ['externalLink', 'partner.example', null],
        ['elementAppears', '.modal', null],
        ['scrolling', '75', null],
        ['duration', '30', null],
        ['event', 'mida_event', null],
        ['revenue', 'mida_revenue', null],
      ].map(([goal_type, goal_value, element_url]) => ({ goal_type, goal_value, element_url, goal_purpose: 'engage' })),
      'goal_name',
    ),
    method: 'POST',
    make: ({ project }) => `/v2/project/${project}/goal`,
    list: ({ project }) => `/v2/project/${project}/goals?limit=500`,
    scheme: 'Bearer',
    wrap: (goal) => goal,
    member: 'goals',
    given: ['goal_profile_id'],
  },
};

/** A row without what its server gave it, at any depth. */
const told = (rows: readonly Fields[], given: readonly string[]): unknown =>
  JSON.parse(JSON.stringify(rows, (name, value: unknown) => (given.includes(name) ? undefined : value)));

describe.each(Object.entries(PRODUCTS))('%s', (name, product) => {
  const headers = ({ key }: Site) => ({ authorization: `${product.scheme} ${key}` });
  const listOf = async (site: Site) =>
    (await server.ask('GET', product.list(site), { headers: headers(site) })).json<Record<string, Fields[]>>();

  test('a list that is imported is the same list there', async () => {
    const from = await newSite();
    for (const goal of product.made) {
      const sent = { headers: headers(from), body: product.wrap(goal) };
      const made = await server.ask(product.method, product.make(from), sent);
      expect([goal, made.status < 300, made.text]).toEqual([goal, true, made.text]);
    }
    const list = await listOf(from);
    const rows = list[product.member] ?? [];
    expect(rows).toHaveLength(product.made.length);
    const to = await newSite();
    // Lists are newest first; brought in that order, the last would be the newest there.
    const oldestFirst = { ...list, [product.member]: rows.toReversed() };
    const brought = await server.ask('POST', `/api/sites/${to.id}/import`, { key: to.key, body: oldestFirst });
    expect([brought.status, brought.json()]).toMatchObject([200, { format: name.split(',')[0], existing: [] }]);
    const there = await listOf(to);
    expect(told(there[product.member] ?? [], product.given)).toEqual(told(rows, product.given));
    const again = await server.ask('POST', `/api/sites/${to.id}/import`, { key: to.key, body: oldestFirst });
    expect(again.json<{ created: unknown[] }>().created).toEqual([]);
  });
});
