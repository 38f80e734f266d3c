/** Clicks, case by case, in a real browser. */

import type { UrlRule } from '../src/core/goal.ts';
import { expect, test } from './recording-collector.ts';
import type { ShortGoal } from './short-goal.ts';

const button: ShortGoal = { i: 'goal_button', t: 2, s: '.buy' };
const link: ShortGoal = { i: 'goal_link', t: 1, u: { match: 'contains', value: '/pricing' } };
const text: ShortGoal = { i: 'goal_text', t: 3, x: 'buy now' };

test('a nested icon at any depth counts for its ancestor', async ({ page, collector }) => {
  await collector.open(page, '<button class="buy">Buy <span><b><i id="icon">★</i></b></span></button>', {
    goals: [button],
  });
  await page.click('#icon');
  await collector.expectConversions(page, 'goal_button', 1);
  expect(collector.conversions('goal_button')[0]).toMatchObject({ n: '$click', u: `${collector.site}/page` });
});

test('an element added later counts', async ({ page, collector }) => {
  await collector.open(page, '<main></main>', { goals: [button] });
  await collector.expectConversions(page, 'goal_button', 0);
  await page.evaluate(() => {
    document.querySelector('main')!.innerHTML = '<button class="buy">Buy</button>';
  });
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_button', 1);
});

test('a link in SVG counts', async ({ page, collector }) => {
  const svg = (name: string): string =>
    `<svg width="60" height="60"><a ${name}="/pricing" onclick="event.preventDefault()"><circle class="${name === 'href' ? 'new' : 'old'}" cx="30" cy="30" r="25"/></a></svg>`;
  await collector.open(page, svg('href') + svg('xlink:href'), { goals: [link] });
  await page.click('.new');
  await page.click('.old');
  await collector.expectConversions(page, 'goal_link', 2);
});

test('an element inside an open shadow root counts', async ({ page, collector }) => {
  await collector.open(page, '<div id="host"></div>', { goals: [button, { ...button, i: 'goal_host', s: '#host' }] });
  await page.evaluate(() => {
    const root = document.querySelector('#host')!.attachShadow({ mode: 'open' });
    root.innerHTML = '<button class="buy"><span>Buy</span></button>';
  });
  await page.click('#host span');
  await collector.expectConversions(page, 'goal_button', 1);
  await collector.expectConversions(page, 'goal_host', 1);
});

test("the page's stopPropagation hides nothing", async ({ page, collector }) => {
  await collector.open(page, '<button class="buy">Buy</button>', { goals: [button] });
  await page.evaluate(() => {
    document.addEventListener('click', (event) => event.stopImmediatePropagation(), true);
  });
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_button', 1);
});

test('a prevented click counts', async ({ page, collector }) => {
  await collector.open(page, '<a class="buy" href="/pricing" onclick="event.preventDefault()">Buy</a>', {
    goals: [button, link],
  });
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_button', 1);
  await collector.expectConversions(page, 'goal_link', 1);
});

for (const [what, handler] of [
  ['removing', 'this.remove()'],
  ['replacing', "this.outerHTML = '<p>Thanks</p>'"],
  ['retexting', "this.textContent = 'Thanks'; this.className = ''"],
]) {
  test(`the page's handler ${what} the element changes nothing`, async ({ page, collector }) => {
    await collector.open(page, `<button class="buy" onclick="${handler}">Buy now</button>`, { goals: [button, text] });
    await page.click('.buy');
    await collector.expectConversions(page, 'goal_button', 1);
    await collector.expectConversions(page, 'goal_text', 1);
  });
}

test('a disabled control does not count', async ({ page, collector }) => {
  await collector.open(page, '<button class="buy" disabled><span>Buy</span></button>', { goals: [button] });
  await page.locator('.buy span').click({ force: true });
  await page.evaluate(() => {
    document.querySelector('.buy span')!.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
  });
  await collector.expectConversions(page, 'goal_button', 0);
});

test('right click never counts', { tag: '@playwright' }, async ({ page, collector }) => {
  await collector.open(page, '<a class="buy" href="/pricing">Buy</a>', { goals: [button, link] });
  await page.click('.buy', { button: 'right' });
  await collector.expectConversions(page, 'goal_button', 0);
  await collector.expectConversions(page, 'goal_link', 0);
});

for (const [how, options] of [
  ['middle click', { button: 'middle' }],
  ['Ctrl click', { modifiers: ['Control'] }],
  ['Shift click', { modifiers: ['Shift'] }],
] as const) {
  test(`${how} counts once`, { tag: '@playwright' }, async ({ page, context, collector }) => {
    await collector.open(page, '<a class="buy" href="/pricing">Buy</a>', { goals: [button, link] });
    const opened = context.waitForEvent('page');
    await page.click('.buy', options as Parameters<typeof page.click>[1]);
    await opened;
    await collector.expectConversions(page, 'goal_button', 1);
    await collector.expectConversions(page, 'goal_link', 1);
  });
}

test('a click on target=_blank counts once', async ({ page, context, collector }) => {
  await collector.open(page, '<a class="buy" href="/pricing" target="_blank">Buy</a>', { goals: [link] });
  const opened = context.waitForEvent('page');
  await page.click('.buy');
  await opened;
  await collector.expectConversions(page, 'goal_link', 1);
});

test('Enter and Space count once each', async ({ page, collector }) => {
  await collector.open(page, '<button class="buy">Buy</button>', { goals: [button] });
  await page.focus('.buy');
  await page.keyboard.press('Enter');
  await collector.expectConversions(page, 'goal_button', 1);
  await page.keyboard.press('Space');
  await collector.expectConversions(page, 'goal_button', 2);
});

test('a click on a label counts once for what surrounds it', async ({ page, collector }) => {
  await collector.open(page, '<div class="buy"><label>Gift <input type="checkbox"></label></div>', { goals: [button] });
  await page.click('label');
  await collector.expectConversions(page, 'goal_button', 1);
});

test('targets that are no elements never throw', async ({ page, collector }) => {
  await collector.open(page, '<p class="buy">Text</p>', { goals: [button, text, link] });
  await page.evaluate(() => {
    const click = (): MouseEvent => new MouseEvent('click', { bubbles: true, composed: true });
    document.dispatchEvent(click());
    window.dispatchEvent(click());
    document.querySelector('p')!.firstChild!.dispatchEvent(click());
    document.createElement('a').dispatchEvent(click());
  });
  await collector.expectConversions(page, 'goal_button', 1);
});

test('elements whose members are shadowed by form fields work', async ({ page, collector }) => {
  const fields = [
    'id',
    'matches',
    'closest',
    'href',
    'getAttribute',
    'getAttributeNames',
    'attributes',
    'localName',
    'childNodes',
  ];
  const inputs = fields.map((name) => `<input name="${name}">`).join('');
  await collector.open(page, `<form id="order" class="buy">${inputs}<b>Buy now</b></form>`, {
    goals: [button, { ...button, i: 'goal_id', s: '#order' }, { ...text, m: 0, x: 'buy now' }],
  });
  await page.click('b');
  await collector.expectConversions(page, 'goal_button', 1);
  await collector.expectConversions(page, 'goal_id', 1);
  await collector.expectConversions(page, 'goal_text', 1);
});

test('every click of a quick row counts', { tag: '@playwright' }, async ({ page, collector }) => {
  await collector.open(page, '<button class="buy">Buy</button>', { goals: [button] });
  await collector.expectConversions(page, 'goal_button', 0);
  for (let n = 0; n < 5; n++) await page.dblclick('.buy');
  await collector.expectConversions(page, 'goal_button', 10);
});

test('attributes of the matched element become properties and filters see them', async ({ page, collector }) => {
  await collector.open(page, '<button class="buy" data-prop-plan="pro" data-prop-seat-count="3">Buy</button>', {
    goals: [
      { ...button, p: { plan: 'pro' } },
      { ...button, i: 'goal_free', p: { plan: 'free' } },
    ],
  });
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_button', 1);
  await collector.expectConversions(page, 'goal_free', 0);
  expect(collector.conversions('goal_button')[0]!.p).toEqual({ plan: 'pro', 'seat-count': '3' });
});

test('a selector the browser rejects is isolated and reported once', async ({ page, collector }) => {
  await collector.open(page, '<button class="buy">Buy</button>', {
    goals: [{ i: 'goal_bad', t: 2, s: '.buy:nonsense(' }, button],
  });
  await page.click('.buy');
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_button', 2);
  expect(collector.named('$diagnostic').map((event) => event.p)).toEqual([{ goal: 'goal_bad' }]);
});

test('goals count only on their pages, and once a page when asked', async ({ page, collector }) => {
  const here: UrlRule = { match: 'exact', value: '/page' };
  await collector.open(page, '<button class="buy">Buy</button>', {
    goals: [
      { ...button, wi: [here] },
      { ...button, i: 'goal_not', we: [here] },
      { ...button, i: 'goal_once', q: 1 },
    ],
  });
  await page.click('.buy');
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_button', 2);
  await collector.expectConversions(page, 'goal_not', 0);
  await collector.expectConversions(page, 'goal_once', 1);
});

test('the first use of an interactive element is engagement', async ({ page, collector }) => {
  await collector.open(page, '<p>Text</p><button>One</button><input>', { goals: [{ i: 'goal_engaged', t: 8 }] });
  await page.click('p');
  await collector.expectConversions(page, 'goal_engaged', 0);
  await page.click('button');
  await page.type('input', 'x');
  await collector.expectConversions(page, 'goal_engaged', 1);
});
