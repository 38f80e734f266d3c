/** What is sent and written, and when nothing is, in a real browser. */
import type { Page } from '@playwright/test';
import { expect, type RecordingCollector, test } from './recording-collector.ts';

const goal = { i: 'goal_buy', t: 2, s: '.buy' };
const button = '<button class="buy">Buy</button>';

/** Everything this page's origin keeps. */
const kept = (page: Page): Promise<string[]> =>
  page.evaluate(() => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
    ...document.cookie.split('; ').filter(Boolean),
  ]);

/** Uses the page and expects that nothing came of it. */
async function expectSilence(page: Page, collector: RecordingCollector): Promise<void> {
  await page.waitForFunction('window.tracker');
  await page.click('.buy');
  await page.evaluate('tracker.track("purchase", 5); tracker.page("/x"); tracker.flush()');
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_300)));
  expect(collector.batches).toEqual([]);
  expect(collector.planRequests).toEqual([]);
  expect((await kept(page)).filter((key) => key !== 'gp_optout')).toEqual([]);
}

test('by default nothing is kept once everything was delivered', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_buy', 1);
  await expect.poll(() => kept(page)).toEqual([]);
  expect(collector.events.every((event) => event.vi === undefined && event.si === undefined)).toBe(true);
});

test('with data-store="none" nothing is ever written', { tag: '@playwright' }, async ({ page, context, collector }) => {
  await collector.open(
    page,
    `${button}<form onsubmit="event.preventDefault()"><button id="send">Send</button></form>`,
    {
      goals: [goal, { i: 'goal_form', t: 4, s: 'form', c: '.done' }],
      attributes: 'data-store="none"',
    },
  );
  await collector.expectConversions(page, 'none', 0);
  await context.setOffline(true);
  await page.click('.buy');
  await page.click('#send');
  await page.evaluate('tracker.track("purchase", 5); tracker.identify("me")');
  expect(await kept(page)).toEqual([]);
  expect(await page.evaluate('tracker.visitorId()')).toBeUndefined();
});

test('with data-store="local" visitor and session stay the same across pages', async ({ page, collector }) => {
  for (const path of ['/one', '/two']) {
    await collector.open(page, button, { goals: [goal], attributes: 'data-store="local"', path });
    await collector.expectConversions(page, 'none', 0);
  }
  const visitors = new Set(collector.events.map((event) => event.vi));
  const sessions = new Set(collector.events.map((event) => event.si));
  expect([visitors.size, sessions.size]).toEqual([1, 1]);
  expect([...visitors][0]).toBe(await page.evaluate('tracker.visitorId()'));
  await page.evaluate(
    'tracker.identify("user-7"); tracker.track("known"); tracker.identify(null); tracker.track("anew"); tracker.flush()',
  );
  await expect.poll(() => collector.named('anew').length).toBe(1);
  expect(collector.named('known')[0]!.vi).toBe('user-7');
  expect([...visitors, 'user-7']).not.toContain(collector.named('anew')[0]!.vi);
});

test('until consent nothing is sent or written, then everything is', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal], attributes: 'data-consent="pending" data-store="local"' });
  await expectSilence(page, collector);
  await page.evaluate('tracker.consent(true)');
  await expect.poll(() => collector.conversions('goal_buy').length).toBe(1);
  await expect.poll(() => collector.named('purchase').length).toBe(1);
  expect(collector.named('$pageview').map((event) => new URL(event.u!).pathname)).toEqual(['/page', '/x']);
  expect(new Set(collector.events.map((event) => event.vi)).size).toBe(1);
});

test('denied consent sends and writes nothing, until it is given', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal], attributes: 'data-consent="denied"' });
  await expectSilence(page, collector);
  await page.evaluate('tracker.consent(true)');
  await collector.expectConversions(page, 'none', 0);
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_buy', 1);
});

test('what was done before consent was denied is never counted', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal], attributes: 'data-consent="pending"' });
  await page.waitForFunction('window.tracker');
  await page.click('.buy');
  await page.evaluate('tracker.consent(false); tracker.consent(true)');
  await collector.expectConversions(page, 'goal_buy', 0);
});

test('denying consent forgets what earlier pages could not deliver', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal], attributes: 'data-consent="pending"' });
  await page.waitForFunction('window.tracker');
  await page.evaluate('localStorage["gp:left"] = sessionStorage["gp:left"] = "[]"; tracker.consent(false)');
  expect(await kept(page)).toEqual([]);
});

test('what was stopped goes on after opting in', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  await page.evaluate('tracker.stop(); tracker.track("stopped"); tracker.optIn(); tracker.track("going on")');
  await expect.poll(() => collector.named('going on').length).toBe(1);
  expect(collector.named('stopped')).toEqual([]);
});

for (const [how, call] of [
  ['consent withdrawn', 'tracker.consent(false)'],
  ['an opt-out', 'tracker.optOut()'],
]) {
  test(`${how} forgets the visitor and what was not delivered`, { tag: '@playwright' }, async ({
    page,
    context,
    collector,
  }) => {
    const form = '<form onsubmit="event.preventDefault()"><button>Send</button></form>';
    await collector.open(page, form, {
      goals: [{ i: 'goal_form', t: 4, s: 'form', c: '.done' }],
      attributes: 'data-store="local"',
    });
    await collector.expectConversions(page, 'none', 0);
    await context.setOffline(true);
    await page.evaluate('tracker.track("secret", 1)');
    await page.click('button');
    expect(await kept(page)).toEqual(expect.arrayContaining(['gp_visitor', 'gp_session', 'gp:goal_form']));
    await page.evaluate(call!);
    expect((await kept(page)).filter((key) => key !== 'gp_optout')).toEqual([]);
    await context.setOffline(false);
    await page.reload();
    await page.evaluate('tracker.optIn()');
    await collector.expectConversions(page, 'none', 0);
    expect(collector.named('secret')).toEqual([]);
  });
}

test('an opt-out lasts until opting in', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  await page.evaluate('tracker.optOut()');
  const [batches, plans] = [collector.batches.length, collector.planRequests.length];
  await page.reload();
  await page.waitForFunction('window.tracker');
  await page.click('.buy');
  await page.evaluate('tracker.track("purchase", 5); tracker.flush()');
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_300)));
  expect([collector.batches.length, collector.planRequests.length]).toEqual([batches, plans]);
  await page.evaluate('tracker.optIn()');
  await collector.expectConversions(page, 'none', 0);
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_buy', 1);
});

for (const [what, script] of [
  ['Global Privacy Control', `Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })`],
  ['Do Not Track', `Object.defineProperty(navigator, 'doNotTrack', { value: '1' })`],
]) {
  test(`${what} is respected, unless it is ignored`, async ({ page, collector }) => {
    const head = `<script>${script}</script>`;
    await collector.open(page, button, { goals: [goal], head });
    await expectSilence(page, collector);
    await collector.open(page, button, { goals: [goal], head, attributes: 'data-respect="none"' });
    await collector.expectConversions(page, 'none', 0);
  });
}

test('a browser driven by a program is not counted', async ({ page, collector }) => {
  collector.plan.g = [goal];
  const tag = collector.script().replace('data-allow-automation', '');
  collector.pages.set('/page', { html: `<!doctype html><title>x</title>${tag}<body>${button}` });
  await page.goto(`${collector.site}/page`);
  await expectSilence(page, collector);
});

test('pages left out send nothing', async ({ page, collector }) => {
  const options = { goals: [goal], attributes: 'data-exclude="/admin*, /intern/*/x, /größe-🎈/*, /caf%C3%A9"' };
  await collector.open(page, button, { ...options, path: '/admin/users' });
  await page.waitForFunction('window.tracker');
  await page.click('.buy');
  await page.evaluate('tracker.track("hidden"); tracker.flush()');
  for (const path of ['/größe-🎈/x', '/café', '/page']) {
    await page.evaluate((to) => {
      history.pushState({}, '', to);
      window.tracker.track(location.pathname);
    }, path);
  }
  await collector.expectConversions(page, 'goal_buy', 0);
  expect(collector.named('/page')).toHaveLength(1);
  expect(collector.events.map((event) => event.u)).toEqual(collector.events.map(() => `${collector.site}/page`));
  expect(collector.named('hidden')).toEqual([]);
});

test('only pages that are listed send', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal], attributes: 'data-include="/shop/*"', path: '/blog' });
  await page.waitForFunction('window.tracker');
  await page.evaluate('tracker.track("hidden")');
  await page.evaluate(() => history.pushState({}, '', '/shop/a'));
  await expect.poll(() => collector.named('$pageview').length).toBe(1);
  await collector.expectConversions(page, 'none', 0);
  expect(collector.named('hidden')).toEqual([]);
  expect(collector.named('$pageview')).toHaveLength(1);
});

test("parameters of the site's own list are taken from referrers as well", async ({ page, collector }) => {
  collector.plan.x = ['member'];
  await collector.open(page, '<a href="/page?next=2">Next</a>', { path: '/page?member=4711' });
  await expect.poll(() => collector.named('$pageview').length).toBe(1);
  await page.click('a');
  await expect.poll(() => collector.named('$pageview').length).toBe(2);
  expect(collector.named('$pageview')[1]!.f).toMatch(/member=$/);
  expect(JSON.stringify(collector.batches)).not.toContain('4711');
});

test('secrets and addresses never leave the browser', async ({ page, collector }) => {
  collector.plan.x = ['voucher'];
  const path = '/reset/someone@example.com?token=s3cret&page=2&voucher=V-77#access_token=s3cret';
  await collector.open(page, `${button}<title>Hello someone@example.com</title>`, { goals: [goal], path });
  await page.waitForFunction('window.tracker');
  await page.evaluate(() => {
    document.title = 'Account of someone@example.com';
    history.pushState({}, '', '?password=s3cret&q=shoes');
  });
  await page.click('.buy');
  await expect.poll(() => collector.named('$pageview').length).toBe(2);
  await collector.expectConversions(page, 'goal_buy', 1);
  const everything = JSON.stringify(collector.batches);
  expect(everything).not.toContain('s3cret');
  expect(everything).not.toContain('someone@');
  expect(everything).not.toContain('V-77');
  expect(everything).toContain('q=shoes');
});
