/** Views, case by case, in a real browser. */

import type { Page } from '@playwright/test';
import type { UrlRule } from '../src/core/goal.ts';
import type { RecordingCollector } from './recording-collector.ts';
import { expect, test } from './recording-collector.ts';
import type { ShortGoal } from './short-goal.ts';

/** Paths of the views that arrived, in order, once everything so far has. */
async function views(page: Page, collector: RecordingCollector): Promise<string[]> {
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 60)));
  await collector.expectConversions(page, 'none', 0);
  return collector.named('$pageview').map((event) => event.u!.slice(collector.site.length));
}

/** Without the Navigation API history is wrapped, as in browsers that lack it. */
const withoutNavigationApi = `<script>
  Object.defineProperty(window, 'navigation', { value: undefined, configurable: true });
</script>`;

test('the first view is sent within a second or so of the plan', { tag: '@playwright' }, async ({
  page,
  collector,
}) => {
  await page.clock.install();
  await collector.open(page, 'Hello');
  await expect.poll(() => collector.planRequests.length).toBe(1);
  await page.evaluate('fetch("/any").then(() => undefined)');
  await page.clock.runFor(1_100);
  await expect.poll(() => collector.named('$pageview').length).toBe(1);
  expect(collector.named('$pageview')[0]!.a).toBeGreaterThan(-2_500);
});

test('a load is a view with title, referrer and id', async ({ page, collector }) => {
  await collector.open(page, 'Hello', { path: '/page?a=1' });
  expect(await views(page, collector)).toEqual(['/page?a=1']);
  const [view] = collector.named('$pageview');
  expect(view).toMatchObject({ d: 'Page', f: '', pv: view!.i });
  expect(view!.i).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  expect(view!.vk).toBeUndefined();
  const [batch] = collector.batches;
  expect(batch).toMatchObject({
    v: 1,
    s: 'SITE',
    l: await page.evaluate('navigator.language'),
    w: 1280,
    contentType: 'text/plain;charset=UTF-8',
  });
  expect(Math.abs(batch!.t - Date.now())).toBeLessThan(60_000);
  expect(view!.a).toBeLessThanOrEqual(0);
});

for (const how of ['the Navigation API', 'wrapped history']) {
  test(`routes are views by ${how}`, async ({ page, collector }) => {
    const head = how === 'wrapped history' ? withoutNavigationApi : '';
    await collector.open(page, 'Hello', { head });
    await page.evaluate(() => {
      history.pushState({}, '', '/a');
      history.pushState({}, '', '/b');
      history.replaceState({}, '', '/b');
    });
    expect(await views(page, collector)).toEqual(['/page', '/a', '/b']);
    await page.evaluate(() => history.replaceState({}, '', '/c'));
    expect(await views(page, collector)).toEqual(['/page', '/a', '/b', '/c']);
    await page.evaluate(() => history.back());
    await page.waitForURL('**/a');
    expect(await views(page, collector)).toEqual(['/page', '/a', '/b', '/c', '/a']);
    expect(collector.named('$pageview').map((event) => event.vk)).toEqual([undefined, 1, 1, 1, 1]);
  });

  test(`a replace just after a push is the same view by ${how}`, async ({ page, collector }) => {
    const head = how === 'wrapped history' ? withoutNavigationApi : '';
    const goal: ShortGoal = { i: 'goal_a', t: 0, u: { match: 'exact', value: '/a' } };
    await collector.open(page, 'Hello', { goals: [goal], head });
    await collector.expectConversions(page, 'goal_a', 0);
    await page.evaluate(() => {
      history.pushState({}, '', '/a');
      history.replaceState({}, '', '/login');
    });
    expect(await views(page, collector)).toEqual(['/page', '/login']);
    await collector.expectConversions(page, 'goal_a', 0);
  });

  test(`fragments count only with data-hash by ${how}`, async ({ page, collector }) => {
    const head = how === 'wrapped history' ? withoutNavigationApi : '';
    await collector.open(page, '<a href="#one">one</a>', { head });
    await page.click('a');
    expect(await views(page, collector)).toEqual(['/page']);
    await collector.open(page, '<a href="#two">two</a>', { attributes: 'data-hash', path: '/other' });
    await page.click('a');
    expect(await views(page, collector)).toEqual(['/page', '/other', '/other#two']);
  });
}

test('the title is read after the router set it', async ({ page, collector }) => {
  await collector.open(page, 'Hello');
  await page.evaluate(async () => {
    history.pushState({}, '', '/a');
    await new Promise((resolve) => requestAnimationFrame(resolve));
    document.title = 'Route A';
  });
  await views(page, collector);
  expect(collector.named('$pageview')[1]!.d).toBe('Route A');
});

test('a change of the query alone is a view unless ignored', async ({ page, collector }) => {
  await collector.open(page, 'Hello');
  await page.evaluate(() => history.pushState({}, '', '?a=1'));
  expect(await views(page, collector)).toEqual(['/page', '/page?a=1']);
  await collector.open(page, 'Hello', { attributes: 'data-query="ignore"' });
  await page.evaluate(() => history.pushState({}, '', '?a=2'));
  expect(await views(page, collector)).toEqual(['/page', '/page?a=1', '/page']);
});

for (const when of ['before', 'after']) {
  test(`history wrapped ${when} by another script keeps this and arguments`, async ({ page, collector }) => {
    const wrap = `
      const own = history.pushState;
      history.pushState = function (...given) {
        window.seen = [this === history, given.length, given[0].n, given[2]];
        return own.apply(this, given);
      };`;
    const before = when === 'before' ? `<script>${wrap}</script>` : '';
    await collector.open(page, 'Hello', { head: withoutNavigationApi + before });
    await page.waitForFunction('window.tracker');
    if (when === 'after') await page.evaluate(wrap);
    await page.evaluate(() => history.pushState({ n: 7 }, '', '/a'));
    expect(await page.evaluate('[window.seen, history.state.n]')).toEqual([[true, 3, 7, '/a'], 7]);
    expect(await views(page, collector)).toEqual(['/page', '/a']);
    await page.evaluate('tracker.flush().then(() => tracker.stop())');
    await page.evaluate(() => history.pushState({ n: 8 }, '', '/b'));
    expect(await page.evaluate('[location.pathname, history.state.n]')).toEqual(['/b', 8]);
    expect(collector.named('$pageview')).toHaveLength(2);
  });
}

test('tracker.page records a virtual view with properties, the same URL too', async ({ page, collector }) => {
  await collector.open(page, 'Hello', { attributes: 'data-prop-area="shop"' });
  await page.waitForFunction('window.tracker');
  await page.evaluate(`tracker.page('/virtual', { step: 2 }); tracker.page('/virtual'); tracker.page()`);
  expect(await views(page, collector)).toEqual(['/page', '/virtual', '/virtual', '/page']);
  const properties = collector.named('$pageview').map((event) => event.p);
  expect(properties).toEqual([{ area: 'shop' }, { area: 'shop', step: 2 }, { area: 'shop' }, { area: 'shop' }]);
});

test('with data-auto="false" only the page records views', async ({ page, collector }) => {
  await collector.open(page, 'Hello', { attributes: 'data-auto="false"' });
  await page.waitForFunction('window.tracker');
  await page.evaluate(() => history.pushState({}, '', '/a'));
  expect(await views(page, collector)).toEqual([]);
  await page.evaluate('tracker.page()');
  expect(await views(page, collector)).toEqual(['/a']);
});

test('page goals tell loads from virtual views', async ({ page, collector }) => {
  const u: UrlRule = { match: 'starts_with', value: '/' };
  await collector.open(page, 'Hello', {
    goals: [
      { i: 'goal_any', t: 0, u },
      { i: 'goal_load', t: 0, u, k: 1 },
      { i: 'goal_virtual', t: 0, u, k: 2 },
    ],
  });
  await expect.poll(() => collector.conversions('goal_load').length).toBe(1);
  await page.evaluate(() => history.pushState({}, '', '/a'));
  expect(await views(page, collector)).toEqual(['/page', '/a']);
  await collector.expectConversions(page, 'goal_any', 2);
  await collector.expectConversions(page, 'goal_load', 1);
  await collector.expectConversions(page, 'goal_virtual', 1);
});

test('a page in a background tab counts when first shown', async ({ page, collector }) => {
  const head = `<script>{
    let isHidden = true;
    Object.defineProperty(document, 'hidden', { get: () => isHidden, configurable: true });
    Object.defineProperty(document, 'visibilityState', { get: () => (isHidden ? 'hidden' : 'visible'), configurable: true });
    window.show = () => {
      isHidden = false;
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    };
  }</script>`;
  await collector.open(page, 'Hello', { head });
  await page.waitForFunction('window.tracker');
  expect(await views(page, collector)).toEqual([]);
  await page.evaluate('show()');
  expect(await views(page, collector)).toEqual(['/page']);
  await page.evaluate('show()');
  expect(await views(page, collector)).toEqual(['/page']);
});

test('engagement goes with the end of each view', async ({ page, collector }) => {
  await collector.open(page, '<div style="height:3000px">Long</div>');
  await expect.poll(() => collector.named('$pageview').length).toBe(1);
  await page.evaluate(() => scrollTo(0, 700));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
  await page.evaluate(() => history.pushState({}, '', '/a'));
  await expect.poll(() => collector.named('$engagement').length).toBe(1);
  const [first] = collector.named('$engagement');
  expect(first!.pv).toBe(collector.named('$pageview')[0]!.i);
  expect(first!.en).toBeGreaterThan(500);
  expect(first!.en).toBeLessThan(20_000);
  expect(first!.sc).toBe(50);
  await page.goto('about:blank');
  await expect.poll(() => collector.named('$engagement').length).toBe(2);
  expect(collector.named('$engagement')[1]!.pv).toBe(collector.named('$pageview')[1]!.i);
});
