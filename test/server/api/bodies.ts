/** A body as it should be, of routes that read one; tests spoil it in every place. */

const plausibleGoal = {
  goal_type: 'Goal.Revenue',
  goal: { event_name: 'Purchase', currency: 'EUR', custom_props: { plan: 'pro' } },
};
const pagesenseGoal = {
  display_name: 'Read',
  goal_type: 8,
  goal_url: '/a',
  url: [{ match_type: 1 }],
  include_urls: ['/b'],
  exclude_urls: ['/c'],
  time_threshold: 30,
  project_linkname: 'shop.example',
};
const sparklyticsGoal = {
  name: 'Pro Signup',
  goal_type: 'event',
  match_value: 'signup_click',
  match_operator: 'equals',
  value_mode: 'fixed',
  fixed_value: 99,
  value_property_key: 'amount',
  currency: 'USD',
};
const midaGoal = {
  goal_name: 'CTA',
  goal_type: 'clickOnElement',
  goal_value: '.cta',
  goal_key: 'cta',
  goal_purpose: 'sell',
  element_url: 'https://shop.example/',
};
/** Whose goals DataFast's bodies tell of; must have been seen on a page. */
export const VISITOR = 'a3ab2331-989f-4cfa-91c6-2461c9e3c6bd';
const visitor = { datafast_visitor_id: VISITOR };
const nativeGoal = {
  name: 'Order',
  key: 'order',
  active: true,
  trigger: { type: 'revenue', name: 'order', match: 'equals', source: 'any', currency: 'EUR' },
  value: { mode: 'fixed', amount: '49.99', currency: 'EUR' },
  where: { include: [{ match: 'regex', value: '^/shop/', on: 'path' }], exclude: [{ match: 'path', value: '/x' }] },
  properties: { plan: 'pro' },
  count: 'once_per_session',
  purpose: 'sell',
  description: 'An order.',
  foreign: { mida: { status: 1 } },
};
const group = { key: 'shop', name: 'Shop', rules: [{ match: 'path', value: '/shop/**' }] };

/** By method and path. */
export const BODIES: Readonly<Record<string, unknown>> = {
  'POST /api/sites/:site/goals': nativeGoal,
  'PATCH /api/sites/:site/goals/:goal': { ...nativeGoal, name: 'Changed', key: 'changed' },
  'POST /api/sites/:site/goals/many': {
    goals: [
      { ...nativeGoal, name: 'One', key: 'one' },
      { ...nativeGoal, name: 'Two', key: 'two' },
    ],
  },
  'POST /api/sites/:site/goals/check': {
    goal: { name: 'Cta', trigger: { type: 'element_click', selector: '.cta' } },
    url: 'https://shop.example/a',
    html: '<a class="cta" href="/x">Go</a>',
    click: 'a',
    event: { name: 'order', amount: '1.00', currency: 'EUR', properties: { plan: 'pro' }, source: 'server' },
  },
  'POST /api/sites/:site/url-groups': { ...group, key: 'store' },
  'POST /api/sites/:site/events': {
    events: [{ id: 'e1', name: 'order', time: 0, visitor_id: 'v', order_id: 'o', amount: '1.00', currency: 'EUR' }],
  },
  'POST /api/sites/:site/refunds': { order_id: 'o', refund_id: 'r', amount: '1.00', goal: 'order' },
  'POST /api/sites/:site/import': { goalpost: 1, goals: [nativeGoal], url_groups: [group] },
  'PUT /api/plugins/v1/goals': { goals: [plausibleGoal, { goal_type: 'Goal.Pageview', goal: { path: '/a' } }] },
  'DELETE /api/plugins/v1/goals': { goal_ids: [900_001, 900_002] },
  'PUT /api/v1/sites/goals': { goal_type: 'event', event_name: 'Signup', display_name: 'S', custom_props: { a: 'b' } },
  'DELETE /api/v1/sites/goals/:id': { site_id: 'shop.example' },
  'POST /api/event': {
    name: 'Signup',
    url: 'https://shop.example/',
    domain: 'shop.example,other.example',
    referrer: 'https://news.example/',
    props: { plan: 'pro' },
    revenue: { currency: 'EUR', amount: '1.00' },
    interactive: true,
  },
  'POST /pagesense/rest/v1/portal/:portal/projectgoals/:project': { projectgoal: pagesenseGoal },
  'POST /pagesense/rest/v1/portal/:portal/customevents': {
    customevent: { event_name: 'cta', project_linkname: 'shop.example' },
  },
  'POST /api/websites/:website/goals': sparklyticsGoal,
  'PUT /api/websites/:website/goals/:goal': { ...sparklyticsGoal, name: 'Pro Signup (Updated)' },
  'POST /api/collect': [
    {
      website_id: 'shop.example',
      type: 'event',
      url: '/a',
      referrer: 'https://news.example/',
      event_name: 'signup',
      event_data: { plan: 'pro', seats: [1] },
      utm_source: 'letter',
      visitor_id: 'v',
      language: 'en',
      screen: '1920x1080',
    },
  ],
  'POST /api/v1/goals': { ...visitor, name: 'signup', description: 'A form.', metadata: { plan: 'pro', seats: 3 } },
  'DELETE /api/v1/goals': {
    ...visitor,
    name: 'signup',
    startAt: '2026-01-01T00:00:00Z',
    endAt: '2026-02-01T00:00:00Z',
  },
  'POST /api/v1/identify': { ...visitor, user_id: 'u', email: 'a@example.com' },
  'POST /api/v1/payments': {
    ...visitor,
    amount: 29.99,
    currency: 'USD',
    transaction_id: 'tx',
    refunded: false,
    renewal: false,
    email: 'a@example.com',
    customer_id: 'c',
  },
  'DELETE /api/v1/payments': { transaction_id: 'tx' },
  'POST /v2/project/:project/goal': midaGoal,
  'PATCH /v2/project/:project/goal/:id': { ...midaGoal, goal_key: 'cta_2' },
  'POST /v2/project/:project/event': {
    event_name: 'signup',
    mida_uuid: 'u',
    email: 'a@b',
    properties: { plan: 'pro' },
  },
};
