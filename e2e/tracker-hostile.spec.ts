/** Hostile pages: nothing throws, nothing is printed, the page behaves as without the tracker, and goals count. */
import type { Page } from '@playwright/test';
import { expect, type RecordingCollector, test } from './recording-collector.ts';
import type { ShortGoal } from './short-goal.ts';

const goals: ShortGoal[] = [
  { i: 'goal_click', t: 2, s: '.buy', v: [1, '.price'] },
  { i: 'goal_form', t: 4, s: '#signup' },
  { i: 'goal_view', t: 0, u: { match: 'exact', value: '/route' } },
  { i: 'goal_event', t: 9, x: 'purchase' },
];
const body = `<iframe name="frame" hidden></iframe><p class="price">49,99 €</p>
  <form id="signup" action="/sent" target="frame"><button class="buy">Buy</button></form>`;

/** Does one of everything and expects every goal to have counted once. */
async function everythingWorks(page: Page, collector: RecordingCollector): Promise<void> {
  await page.waitForFunction('window.tracker && tracker.explain');
  await expect.poll(() => collector.named('$pageview').length).toBe(1);
  await page.click('.buy');
  await page.evaluate(() => history.pushState({}, '', '/route'));
  await expect.poll(() => collector.conversions('goal_view').length).toBe(1);
  await page.evaluate(`tracker.track('purchase', 49.99, { plan: 'pro' })`);
  await expect.poll(() => collector.conversions('goal_event').length).toBe(1);
  for (const { i: goal } of goals) await collector.expectConversions(page, goal, 1);
  expect(collector.conversions('goal_click')[0]!.g).toEqual([['goal_click', '49,99 €']]);
}

const hostilities: Record<string, string> = {
  'arrays, strings and objects with a toJSON of their own': `
    for (const type of [Array, String, Number]) type.prototype.toJSON = function () { return 'spoilt'; };`,
  'frozen prototypes': `
    for (const type of [Array, Object, Function, Element, Node, History, Storage, Promise, Map, Set]) Object.freeze(type.prototype);
    Object.freeze(history);`,
  'a fetch that is patched': `
    const { fetch: own } = window;
    window.fetch = function (...given) { return own.apply(window, given).then((answer) => answer); };`,
  'a sendBeacon that throws': `navigator.sendBeacon = () => { throw new Error('no beacon'); };`,
  'history methods that are patched': `
    for (const name of ['pushState', 'replaceState']) {
      const own = history[name];
      history[name] = function (...given) { own.apply(history, given); dispatchEvent(new Event('routed')); };
    }`,
  'no Navigation API': `Object.defineProperty(window, 'navigation', { value: undefined });`,
  'a frozen history without the Navigation API': `
    Object.defineProperty(window, 'navigation', { value: undefined });
    Object.freeze(History.prototype);
    Object.freeze(history);`,
  'an element called navigation where the browser has nothing of that name': `
    Object.defineProperty(window, 'navigation', { value: document.createElement('nav') });`,
  'prototype methods that are replaced after load': `
    addEventListener('load', () => {
      Element.prototype.matches = Element.prototype.closest = () => { throw new Error('mine'); };
      Element.prototype.getAttribute = () => { throw new Error('mine'); };
    });`,
};

for (const [what, script] of Object.entries(hostilities)) {
  test(`everything works beside ${what}`, async ({ page, collector }) => {
    await collector.open(page, body, { goals, head: `<script>{${script}}</script>` });
    await everythingWorks(page, collector);
  });
}

test('everything works beside names that are taken', async ({ page, collector }) => {
  const names = [
    'tracker',
    'goalpost',
    'currentScript',
    'location',
    'navigation',
    'fetch',
    'history',
    'addEventListener',
    'title',
    'referrer',
    'hidden',
  ];
  const head = names
    .map((name) => `<form name="${name}" id="${name}"><input name="q"><input name="track"></form>`)
    .join('');
  await collector.open(page, head + body, { goals, head: '' });
  await everythingWorks(page, collector);
});

test('a page where nothing can be sent sees no error', async ({ page, collector }) => {
  const broken = `<script>
    window.fetch = () => { throw new Error('no fetch'); };
    navigator.sendBeacon = () => { throw new Error('no beacon'); };
    window.IntersectionObserver = undefined;
    Object.defineProperty(window, 'navigation', { value: undefined });
    Object.freeze(history);
  </script>`;
  await collector.open(page, body, { goals, head: broken });
  await page.waitForFunction('window.tracker && tracker.explain');
  await page.click('.buy');
  await page.evaluate(`history.pushState({}, '', '/route'); tracker.track('purchase'); tracker.flush()`);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_300)));
  expect(collector.batches).toEqual([]);
  // Whatever is missing to make a body, no promise is rejected.
  await page.evaluate(`window.TextEncoder = undefined; tracker.track('purchase'); tracker.flush()`);
  expect(await page.evaluate('Object.keys(localStorage).length')).toBe(2);
});

test('two copies count once', async ({ page, collector }) => {
  const head = collector.script() + collector.script('data-global="other"');
  await collector.open(page, collector.script() + body, { goals, head });
  await everythingWorks(page, collector);
  expect(await page.evaluate('other === tracker')).toBe(true);
});

test('storage that is blocked changes nothing but what is kept', async ({ page, collector }) => {
  const headers = { 'content-security-policy': 'sandbox allow-scripts allow-forms' };
  await collector.open(page, body, { goals, headers, attributes: 'data-store="local"' });
  await page.waitForFunction('window.tracker && tracker.explain');
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_click', 1);
  await collector.expectConversions(page, 'goal_form', 1);
});

test('storage that is null, as in some apps, changes nothing but what is kept', async ({ page, collector }) => {
  const head = `<script>
    for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { value: null });
  </script>`;
  await collector.open(page, body, { goals, head, attributes: 'data-store="local"' });
  await everythingWorks(page, collector);
});

test('storage that is full changes nothing but what is kept', async ({ page, collector }) => {
  await collector.open(page, body, { goals, attributes: 'data-store="local"' });
  await page.waitForFunction('window.tracker && tracker.explain');
  await page.evaluate(() => {
    for (const kept of [localStorage, sessionStorage]) {
      for (let size = 4_000_000; size >= 1; size /= 2) {
        try {
          for (let n = 0; ; n++) kept.setItem(`full ${size} ${n}`, 'x'.repeat(size));
        } catch {}
      }
    }
  });
  await page.reload();
  await everythingWorks(page, collector);
});

test('a strict policy with nonce and Trusted Types is kept', async ({ page, collector }) => {
  const policy = `default-src 'none'; script-src 'nonce-abc'; connect-src ${collector.origin}; style-src 'unsafe-inline'; frame-src *; form-action *; require-trusted-types-for 'script'; trusted-types 'none'`;
  await collector.open(page, body, {
    goals,
    attributes: 'nonce="abc"',
    headers: { 'content-security-policy': policy },
  });
  await everythingWorks(page, collector);
  await page.evaluate('tracker.explain()');
});

test('ten thousand mutations a second are no burden', async ({ page, collector }) => {
  await collector.open(page, `${body}<main></main>`, {
    goals: [
      ...goals,
      { i: 'goal_seen', t: 7, s: '.late' },
      { i: 'goal_there', t: 7, s: 'main b:last-child', n: 0, d: 60_000 },
    ],
  });
  await page.evaluate(async () => {
    const main = document.querySelector('main')!;
    for (let round = 0; round < 50; round++) {
      for (let n = 0; n < 200; n++) main.appendChild(document.createElement('b')).className = `n${n}`;
      await new Promise((resolve) => setTimeout(resolve, 10));
      main.textContent = '';
    }
    main.innerHTML = '<p class="late">Late</p>';
  });
  await expect.poll(() => collector.conversions('goal_seen').length).toBe(1);
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_click', 1);
});

test('a page that listens badly is not our fault, nor its own', async ({ page, collector }) => {
  await collector.open(page, body, { goals });
  await page.waitForFunction('window.tracker');
  await page.evaluate(`tracker.on('conversion', () => { throw new Error('mine'); }); tracker.on('event', null)`);
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_click', 1);
});

test('nonsense given to the API throws nothing', async ({ page, collector }) => {
  await collector.open(page, body, { goals });
  await page.waitForFunction('window.tracker');
  await page.evaluate(() => {
    const { tracker } = window as unknown as { tracker: Record<string, (...given: unknown[]) => unknown> };
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const nonsense = [
      undefined,
      null,
      NaN,
      '',
      Symbol('x'),
      circle,
      [],
      () => 1,
      1n,
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw 1;
          },
        },
      ),
    ];
    for (const method of ['track', 'page', 'identify', 'visitorId', 'on', 'flush']) {
      for (const one of nonsense) for (const two of nonsense) tracker[method]!(one, two, one);
    }
  });
  await page.click('.buy');
  await expect.poll(() => collector.conversions('goal_click').length).toBe(1);
});

test('the tracker adds one global', async ({ page, collector }) => {
  await collector.open(page, body, { goals });
  await page.waitForFunction('window.tracker');
  const own = await page.evaluate(() => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    const native = new Set(Object.getOwnPropertyNames(frame.contentWindow));
    frame.remove();
    return Object.getOwnPropertyNames(window).filter((name) => !native.has(name) && !/^(\d+$|__pw)/.test(name));
  });
  expect(own).toEqual(['tracker']);
});
