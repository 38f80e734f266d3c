/** What a page may say to the tracker, and the values it reads from the page, in a real browser. */
import type { Page } from '@playwright/test';
import type { BeaconEvent } from '../src/core/beacon.ts';
import { closedGate } from './gate.ts';
import { expect, type RecordingCollector, test } from './recording-collector.ts';
import type { ShortGoal } from './short-goal.ts';

/** Opens a page, runs a script in it, and gives the events that arrive under names of the page's own. */
async function said(page: Page, collector: RecordingCollector, script: string): Promise<BeaconEvent[]> {
  await collector.open(page, 'Hello');
  await page.waitForFunction('window.tracker');
  await page.evaluate(script);
  await collector.expectConversions(page, 'none', 0);
  return collector.events.filter((event) => !/^\$|^mark/.test(event.n));
}

const amounts: [given: string, m: unknown, c: unknown, p: unknown][] = [
  [`49.99, { currency: 'EUR', order_id: 'A1', plan: 'pro' }`, 49.99, 'EUR', { plan: 'pro' }],
  [`'49,99'`, '49,99', undefined, {}],
  [`0`, 0, undefined, {}],
  [`-5`, -5, undefined, {}],
  [`{ amount: 7, a: true }`, 7, undefined, { a: true }],
  [`{ value: '7.50', currency: 'USD' }`, '7.50', 'USD', {}],
  [`{ revenue: { amount: 3, currency: 'CHF' }, x: 1 }`, 3, 'CHF', { x: 1 }],
  [`{ revenue: 2.5, quantity: 4, currency: 'JPY' }`, 10, 'JPY', {}],
  [`{ revenue: 2.5 }`, 2.5, undefined, {}],
  [`null, { amount: 4 }`, 4, undefined, {}],
  [`undefined, { only: 'property' }`, undefined, undefined, { only: 'property' }],
  [`NaN, { kept: 1 }`, undefined, undefined, { kept: 1 }],
  [`Infinity`, undefined, undefined, {}],
  [`{ amount: {}, kept: 1 }`, undefined, undefined, { kept: 1 }],
];

for (const [given, m, c, p] of amounts) {
  test(`track('x', ${given}) is understood`, async ({ page, collector }) => {
    const [event] = await said(page, collector, `tracker.track('x', ${given})`);
    expect([event!.m, event!.c, event!.p]).toEqual([m, c, p]);
    if (given.includes('order_id')) expect(event!.o).toBe('A1');
  });
}

test('track gives the id the event has on the wire', async ({ page, collector }) => {
  await collector.open(page, 'Hello');
  await page.waitForFunction('window.tracker');
  const id = await page.evaluate('tracker.track("x")');
  await expect.poll(() => collector.named('x')[0]?.i).toBe(id);
});

test('what is over a limit is dropped, told, and never thrown', async ({ page, collector }) => {
  const events = await said(
    page,
    collector,
    `window.dropped = [];
     tracker.on('drop', (drop) => dropped.push([drop.reason, drop.key?.slice(0, 3) ?? '']));
     for (const name of [undefined, null, {}, [], Symbol('s'), () => 'f', NaN]) tracker.track(name);
     tracker.track(''); tracker.track('   '); tracker.track('$own'); tracker.track('n'.repeat(121)); tracker.track('n'.repeat(120));
     tracker.track('keys', { ['k'.repeat(301)]: 1, ['l'.repeat(300)]: 2 });
     tracker.track('values', { long: 'v'.repeat(2001), most: 'v'.repeat(2000), list: [1], nan: NaN, none: null, no: false });
     tracker.track('many', Object.fromEntries(Array.from({ length: 31 }, (_, n) => ['p' + n, n])))`,
  );
  expect(events.map((event) => event.n.slice(0, 6))).toEqual(['nnnnnn', 'keys', 'values', 'many']);
  expect(Object.keys(events[1]!.p!)).toEqual(['l'.repeat(300)]);
  expect(Object.keys(events[2]!.p!)).toEqual(['most', 'no']);
  expect(Object.keys(events[3]!.p!)).toHaveLength(30);
  expect(await page.evaluate('dropped')).toEqual([
    ...Array.from({ length: 7 + 4 }, () => ['bad_name', '']),
    ['bad_property', 'kkk'],
    ['bad_property', 'lon'],
    ['bad_property', 'lis'],
    ['bad_property', 'nan'],
    ['bad_property', 'p30'],
  ]);
});

test('listeners hear of conversions and events until they leave', async ({ page, collector }) => {
  await collector.open(page, '<button class="buy">Buy</button>', { goals: [{ i: 'goal_buy', t: 2, s: '.buy' }] });
  await collector.expectConversions(page, 'none', 0);
  await page.evaluate(`
    window.heard = [];
    window.leave = tracker.on('conversion', ({ goal, name }) => heard.push([goal, name]));
    tracker.on('event', ({ name }) => heard.push(name));`);
  await page.click('.buy');
  expect(await page.evaluate('heard')).toEqual([['goal_buy', '$click'], '$click']);
  await page.evaluate('leave()');
  await page.click('.buy');
  expect(await page.evaluate('heard.length')).toBe(3);
});

test('listeners get readable names, the money a goal reads, and addresses without secrets, once an event', async ({
  page,
  collector,
}) => {
  const late = closedGate();
  collector.beforePlan = () => late.opened;
  const goals: ShortGoal[] = [
    { i: 'goal_x', t: 9, x: 'x' },
    { i: 'goal_read', t: 9, x: 'x', v: [2, 'total', 'in'] },
  ];
  const head = `<script>dataLayer = [{ total: 7, in: 'CHF' }]</script>`;
  await collector.open(page, 'Hello', { goals, head, path: '/page?token=secret' });
  await page.waitForFunction('window.tracker');
  await page.evaluate(`
    window.heard = [];
    for (const kind of ['conversion', 'event']) tracker.on(kind, (notice) => heard.push([kind, notice]));
    window.id = tracker.track('x', 5, { currency: 'EUR', order_id: 'A1', plan: 'pro' })`);
  late.open();
  await expect.poll(() => collector.conversions('goal_x').length).toBe(1);
  const event = {
    id: await page.evaluate('id'),
    name: 'x',
    url: `${collector.site}/page?token=`,
    amount: 5,
    currency: 'EUR',
    order_id: 'A1',
    properties: { plan: 'pro' },
  };
  const heard = await page.evaluate<string>('JSON.stringify(heard.filter(([, { name }]) => name === "x"))');
  expect(JSON.parse(heard)).toEqual([
    ['event', event],
    ['conversion', { ...event, goal: 'goal_x' }],
    ['conversion', { ...event, goal: 'goal_read', amount: '7', currency: 'CHF' }],
  ]);
});

test('a virtual view without an address or properties is one of the page', async ({ page, collector }) => {
  await collector.open(page, 'Hello', { attributes: 'data-auto="false"' });
  await page.waitForFunction('window.tracker');
  await page.evaluate(`tracker.page(null); tracker.page(undefined, null); tracker.page('/x', null)`);
  await collector.expectConversions(page, 'none', 0);
  const [here, there] = [`${collector.site}/page`, `${collector.site}/x`];
  expect(collector.named('$pageview').map((event) => event.u)).toEqual([here, here, there]);
});

test('event goals match names by their operator and filter by properties', async ({ page, collector }) => {
  const goals: ShortGoal[] = [
    { i: 'goal_is', t: 9, x: 'signup' },
    { i: 'goal_starts', t: 9, x: 'sign', m: 2 },
    { i: 'goal_ends', t: 9, x: 'up', m: 3 },
    { i: 'goal_has', t: 9, x: 'gnu', m: 1 },
    { i: 'goal_pro', t: 9, x: 'signup', p: { plan: 'pro', seats: '3' } },
  ];
  await collector.open(page, 'Hello', { goals });
  await collector.expectConversions(page, 'none', 0);
  await page.evaluate(
    `tracker.track('signup', { plan: 'pro', seats: 3 }); tracker.track('signup'); tracker.track('Signup')`,
  );
  await collector.expectConversions(page, 'goal_is', 2);
  await collector.expectConversions(page, 'goal_starts', 2);
  await collector.expectConversions(page, 'goal_ends', 3);
  await collector.expectConversions(page, 'goal_has', 3);
  await collector.expectConversions(page, 'goal_pro', 1);
});

const values: [what: string, v: ShortGoal['v'], html: string, expected: unknown][] = [
  ['the text of an element', [1, '.price'], '<p class="price"> 49,99&nbsp;€ </p>', ['goal', '49,99 €']],
  [
    'an attribute of an element',
    [1, '.price', 'content'],
    '<meta class="price" content="1299.00">',
    ['goal', '1299.00'],
  ],
  ['an element that is missing', [1, '.price'], '', ['goal']],
  ['a selector the browser rejects', [1, '::(', ''], '', ['goal']],
  [
    'the last entry of the data layer that has it',
    [2, 'ecommerce.value', 'ecommerce.currency'],
    `<script>dataLayer = [{ ecommerce: { value: 1, currency: 'USD' } }, { ecommerce: { value: 49.5, currency: 'EUR' } }, { event: 'x' }]</script>`,
    ['goal', '49.5', 'EUR'],
  ],
  [
    'a list in the data layer',
    [2, 'items.price'],
    `<script>dataLayer = [{ items: [{ price: 3 }] }]</script>`,
    ['goal', '3'],
  ],
  [
    'the arguments of gtag',
    [2, 'value', 'currency'],
    `<script>
      dataLayer = [];
      function gtag() { dataLayer.push(arguments); }
      gtag('js', new Date());
      gtag('event', 'purchase', { value: 12, currency: 'GBP' });
    </script>`,
    ['goal', '12', 'GBP'],
  ],
  ['a data layer that is missing', [2, 'ecommerce.value'], '', ['goal']],
  [
    'JSON-LD of a type',
    [3, 'offers.price', 'Product'],
    `<script type="application/ld+json">{"@graph":[{"@type":"Person","offers":{"price":1}},{"@type":["Product","Thing"],"offers":[{"price":"12.00","priceCurrency":"GBP"}]}]}</script>`,
    ['goal', '12.00', 'GBP'],
  ],
  ['JSON-LD that is broken', [3, 'total'], '<script type="application/ld+json">{"total":</script>', ['goal']],
  [
    'JSON-LD beside some that is broken',
    [3, 'total'],
    '<script type="application/ld+json">{"total":5}</script><script type="application/ld+json">{"total":</script>',
    ['goal', '5'],
  ],
];

for (const [what, v, html, expected] of values) {
  test(`the value is read from ${what}`, async ({ page, collector }) => {
    await collector.open(page, `${html}<button class="buy">Buy</button>`, {
      goals: [{ i: 'goal', t: 2, s: '.buy', v: v! }],
    });
    await page.click('.buy');
    await collector.expectConversions(page, 'goal', 1);
    expect(collector.conversions('goal')[0]!.g).toEqual([expected]);
  });
}

test('the module starts a tracker when it is asked to, and not before', async ({ page, collector }) => {
  const html = `<!doctype html><title>Module</title><body><script type="module">
    const module = await import('${collector.origin}/module/tracker/tracker.js');
    window.imported = Object.keys(module);
    window.start = () => {
      window.own = module.createTracker({ site: 'MODULE', api: '${collector.origin}', 'allow-automation': true });
    };
  </script>`;
  collector.pages.set('/module', { html });
  await page.goto(`${collector.site}/module`);
  await page.waitForFunction('window.start');
  expect(await page.evaluate('imported')).toEqual(['createTracker']);
  expect(collector.planRequests).toEqual([]);
  await page.evaluate('start(); own.track("from module")');
  await expect.poll(() => collector.named('from module').length).toBe(1);
  expect(collector.batches[0]!.s).toBe('MODULE');
  expect(await page.evaluate('typeof window.tracker')).toBe('undefined');
  // A script for the same site is a second copy.
  await page.evaluate(async (src) => {
    const script = Object.assign(document.createElement('script'), { src });
    script.dataset.site = 'MODULE';
    await new Promise((resolve) => {
      script.onload = resolve;
      document.head.append(script);
    });
  }, `${collector.origin}/tracker.js`);
  expect(await page.evaluate('tracker === own')).toBe(true);
});
