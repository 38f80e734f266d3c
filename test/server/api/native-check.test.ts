/** The dry run: says whether something would meet a goal, and why. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './running-server.ts';

let server: TestServer;
let key: string;
let check: string;

beforeAll(async () => {
  server = await startTestServer();
  const added = await server.addSite('shop.example');
  key = added.key;
  check = `/api/sites/${added.site.id}/goals/check`;
});
afterAll(() => server.remove());

interface Answer {
  met: boolean;
  why: { step: string; ok: boolean; text: string }[];
}

async function ask(trigger: object, sent: object = {}, goal: object = {}): Promise<Answer> {
  const body = { goal: { name: 'Try', trigger, ...goal }, ...sent };
  const answer = await server.ask('POST', check, { key, body });
  expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('"why"')]);
  return answer.json<Answer>();
}

const HTML = `<body><nav><a class="shop" href="/cart"><b>To the</b> cart</a><a href="https://other.example/x">Away</a></nav>
<form id="mail"><input name="mail"><button>Send <i>now</i></button></form><p id="price" data-net="41.99">49,99 €</p></body>`;
const SALE = '<div><em>Summer sale</em><b>from today</b> <a href="/s"><i>Shop</i></a></div>';
const CUT = '<button>Buy<b>it</b><script>no()</script><span hidden>!</span><br>now</button>';

describe('a dry run', () => {
  test.each<[string, object, object, boolean]>([
    [
      'a page that matches',
      { type: 'pageview', url: { match: 'simple', value: '/a' } },
      { url: 'https://shop.example/a/?b' },
      true,
    ],
    [
      'a page that does not',
      { type: 'pageview', url: { match: 'simple', value: '/a' } },
      { url: 'https://shop.example/b' },
      false,
    ],
    [
      'a pattern',
      { type: 'pageview', url: { match: 'regex', value: '^/p/\\d+$' } },
      { url: 'https://shop.example/p/12' },
      true,
    ],
    ['an event', { type: 'event', name: 'signup' }, { event: { name: 'signup' } }, true],
    ['another event', { type: 'event', name: 'signup' }, { event: { name: 'Signup' } }, false],
    ['an event of a page', { type: 'event', name: 'a', source: 'server' }, { event: { name: 'a' } }, false],
    ['a click inside', { type: 'element_click', selector: 'a.shop' }, { html: HTML, click: 'b' }, true],
    ['a click beside', { type: 'element_click', selector: 'a.shop' }, { html: HTML, click: '#mail' }, false],
    ['an element that is there', { type: 'element_visible', selector: '#price' }, { html: HTML }, true],
    ['an element that is not', { type: 'element_visible', selector: '#cost' }, { html: HTML }, false],
    ['a clicked text', { type: 'text_click', text: 'to the CART' }, { html: HTML, click: 'b' }, true],
    ['a text inside', { type: 'text_click', text: 'Send now', within: 'form' }, { html: HTML, click: 'i' }, true],
    ['a text outside', { type: 'text_click', text: 'Send now', within: 'nav' }, { html: HTML, click: 'i' }, false],
    [
      'a text that words stand around',
      { type: 'text_click', text: 'Send', match: 'starts_with' },
      { html: HTML, click: 'i' },
      true,
    ],
    [
      'a text of no control',
      { type: 'text_click', text: 'sale', match: 'contains' },
      { html: SALE, click: 'em' },
      true,
    ],
    [
      'a text outside of what is clicked',
      { type: 'text_click', text: 'sale', match: 'contains' },
      { html: SALE, click: 'b' },
      false,
    ],
    [
      'a text that a control does not have',
      { type: 'text_click', text: 'sale', match: 'contains' },
      { html: SALE, click: 'i' },
      false,
    ],
    [
      'a text in a piece of a page',
      { type: 'text_click', text: 'Buy' },
      { html: '<button>Buy</button>', click: 'button' },
      true,
    ],
    [
      'a text that is cut into pieces',
      { type: 'text_click', text: 'Buy it now' },
      { html: CUT, click: 'button' },
      true,
    ],
    [
      'a switched-off control',
      { type: 'element_click', selector: 'button' },
      { html: '<button disabled>Buy</button>', click: 'button' },
      false,
    ],
    [
      'a form by a button that submits none',
      { type: 'form_submit', selector: 'form' },
      { html: '<form><button type="button">x</button></form>', click: 'button' },
      false,
    ],
    ['a path of the site', { type: 'pageview', url: { match: 'domain', value: 'shop.example' } }, { url: '/a' }, true],
    ['a form by its button', { type: 'form_submit', selector: '#mail' }, { html: HTML, click: 'button' }, true],
    ['a form by its field', { type: 'form_submit', selector: '#mail' }, { html: HTML, click: 'input' }, false],
    [
      'a link to elsewhere',
      { type: 'link_click', outbound: true },
      { html: HTML, url: 'https://shop.example/', click: 'a:not(.shop)' },
      true,
    ],
    [
      'a link within',
      { type: 'link_click', outbound: true },
      { html: HTML, url: 'https://shop.example/', click: 'b' },
      false,
    ],
    ['what only a visitor decides', { type: 'scroll_depth', percent: 50 }, { html: HTML }, false],
    ['nothing but a goal', { type: 'element_click', selector: 'a' }, {}, false],
  ])('tells of %s', async (_, trigger, sent, met) => {
    const answer = await ask(trigger, sent);
    expect(answer.met).toBe(met);
    expect(answer.why.every((step) => step.ok)).toBe(met);
    for (const step of answer.why) expect(step.text).toMatch(/\.$/);
  });

  test('tells the value that would count', async () => {
    const { why } = await ask(
      { type: 'element_click', selector: 'a' },
      { html: HTML, click: 'a' },
      { value: { mode: 'element', selector: '#price', currency: 'EUR' } },
    );
    expect(why.at(-1)?.text).toContain('49.99 EUR');
  });

  test.each<[unknown, string | undefined, string]>([
    [0.0000001, undefined, 'It would count 0.00 USD. Amounts are kept to six decimals: 1e-7 is kept as 0.00.'],
    ['1.00000049', 'EUR', 'It would count 1.00 EUR. Amounts are kept to six decimals: 1.00000049 is kept as 1.00.'],
    ['1.000001', 'EUR', 'It would count 1.000001 EUR.'],
    ['12', 'JPY', 'It would count 12 JPY.'],
    ['49,99 €', undefined, 'It would count 49.99 EUR.'],
    ['much', undefined, 'It would count without money. The amount sent, "much", is dropped: it cannot be read.'],
    [5, 'Taler', 'It would count without money. The amount sent, 5 in "Taler", is dropped: it cannot be read.'],
    [2e9, undefined, 'It would count without money. The amount sent, 2000000000, is dropped: it cannot be read.'],
  ])('reads the amount %j in %s as the collector does, and says what becomes of it', async (amount, currency, text) => {
    const { met, why } = await ask({ type: 'event', name: 'x' }, { event: { name: 'x', amount, currency } });
    expect([met, why.at(-1)?.text]).toEqual([true, text]);
  });

  test('needs no name of a goal that is only tried', async () => {
    const goal = { trigger: { type: 'event', name: 'x' } };
    const answer = await server.ask('POST', check, { key, body: { goal, event: { name: 'x' } } });
    expect(answer.json()).toMatchObject({ met: true });
  });

  test('of a stored goal needs its id alone', async () => {
    const goals = check.replace('/check', '');
    const goal = await server.ask('POST', goals, {
      key,
      body: { name: 'Stored', trigger: { type: 'event', name: 'x' } },
    });
    const { id } = goal.json<{ id: string }>();
    const answer = await server.ask('POST', check, { key, body: { goal_id: id, event: { name: 'x' } } });
    expect(answer.json()).toMatchObject({ met: true });
  });

  test.each<[string, number, string, object]>([
    ['neither goal nor goal_id', 422, 'goal', {}],
    ['both', 422, 'goal', { goal: { name: 'a', trigger: { type: 'engagement' } }, goal_id: 'goal_x' }],
    ['a bad goal', 422, 'goal.trigger.percent', { goal: { name: 'a', trigger: { type: 'scroll_depth', percent: 0 } } }],
    ['a bad goal without a name', 422, 'goal.trigger.url', { goal: { trigger: { type: 'pageview' } } }],
    ['a bad URL', 422, 'url', { goal: { name: 'a', trigger: { type: 'engagement' } }, url: 'shop' }],
    [
      'a pattern that could freeze a page',
      422,
      'goal.trigger.url.value',
      { goal: { name: 'a', trigger: { type: 'pageview', url: { match: 'regex', value: '^(a+)+$' } } } },
    ],
    ['too much HTML', 422, 'html', { goal: { name: 'a', trigger: { type: 'engagement' } }, html: 'x'.repeat(200_001) }],
  ])('refuses %s by name', async (_, status, field, body) => {
    const answer = await server.ask('POST', check, { key, body });
    expect([answer.status, answer.json<{ error: { field: string } }>().error.field]).toEqual([status, field]);
  });

  test('survives selectors and pages that make no sense', async () => {
    for (const click of ['', '[', ':has(', '*', 'a:hover', '::before', 'x'.repeat(1_000)]) {
      const body = {
        goal: { name: 'a', trigger: { type: 'element_click', selector: 'a' } },
        html: '<a><</a <<>',
        click,
      };
      expect((await server.ask('POST', check, { key, body })).status).toBe(200);
    }
  });

  test('says why in sentences', async () => {
    const why = async (trigger: object, sent: object) =>
      (await ask(trigger, sent)).why.filter(({ ok }) => !ok).map(({ text }) => text);
    const page = { type: 'pageview', url: { match: 'path', value: '/a' } };
    expect(await why(page, { url: 'https://shop.example/b' })).toEqual([
      'https://shop.example/b does not match path "/a".',
    ]);
    expect(await why(page, { event: { name: '$pageview' } })).toEqual([
      'No URL was given, and the goal wants one that matches path "/a".',
    ]);
    const event = { type: 'event', name: 'sign', match: 'starts_with' };
    expect(await why(event, { event: { name: 'buy' } })).toEqual(['The name "buy" does not start with "sign".']);
  });
});
