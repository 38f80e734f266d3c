/** Submits that count only when the page then shows they succeeded, in a real browser. */
import type { UrlRule } from '../src/core/goal.ts';
import { expect, test } from './recording-collector.ts';
import { form, signup } from './signup-form.ts';

const thanks: UrlRule = { match: 'exact', value: '/thanks' };

test('a submit waits for the element that proves it', async ({ page, collector }) => {
  await collector.open(page, `${signup()}<p class="done" style="display:none">Thanks</p>`, {
    goals: [{ ...form, c: '.done' }],
  });
  await page.click('button');
  await collector.expectConversions(page, 'goal_form', 0);
  await page.evaluate(() => {
    document.querySelector<HTMLElement>('.done')!.style.display = '';
  });
  await expect.poll(() => collector.conversions('goal_form').length).toBe(1);
  await collector.expectConversions(page, 'goal_form', 1);
  expect(collector.conversions('goal_form')[0]).toMatchObject({ n: '$submit', u: `${collector.site}/page` });
});

test('a proof that the browser rejects stands in the way of no other', async ({ page, collector }) => {
  await collector.open(page, `${signup()}<main></main>`, {
    goals: [
      { ...form, i: 'goal_a_bad', c: '::(' },
      { ...form, c: '.done' },
      { i: 'goal_seen', t: 7, s: '.done', n: 0 },
    ],
  });
  await collector.expectPlan(page);
  await page.click('button');
  await page.evaluate(() => {
    document.querySelector('main')!.innerHTML = '<p class="done">Thanks</p>';
  });
  await expect.poll(() => collector.conversions('goal_form').length).toBe(1);
  await expect.poll(() => collector.conversions('goal_seen').length).toBe(1);
  await page.evaluate(() => history.pushState({}, '', '/next'));
  await expect.poll(() => collector.conversions('goal_seen').length).toBe(2);
});

test('an element that appears without a submit proves nothing', async ({ page, collector }) => {
  await collector.open(page, `${signup()}<p class="done">Thanks</p>`, { goals: [{ ...form, c: '.done' }] });
  await collector.expectConversions(page, 'goal_form', 0);
});

test('a submit is proven by the next view, across a full navigation', async ({ page, collector }) => {
  await collector.open(page, signup('', '<button>Send</button>').replace('/sent', '/thanks'), {
    goals: [{ ...form, c: thanks }],
  });
  collector.pages.set('/thanks', { html: `<!doctype html><title>Thanks</title>${collector.script()}<body>Thanks` });
  await collector.expectPlan(page);
  await page.click('button');
  await page.waitForURL(/thanks/);
  await expect.poll(() => collector.conversions('goal_form').length).toBe(1);
  expect(collector.conversions('goal_form')[0]!.u).toBe(`${collector.site}/page`);
  await page.reload();
  await collector.expectConversions(page, 'goal_form', 1);
});

test('a submit is proven by the next route, and by no later one', async ({ page, collector }) => {
  await collector.open(page, signup(), { goals: [{ ...form, c: thanks }] });
  await collector.expectPlan(page);
  await page.click('button');
  await page.evaluate(() => history.pushState(null, '', '/thanks'));
  await expect.poll(() => collector.conversions('goal_form').length).toBe(1);
  await page.click('button');
  await page.evaluate(() => history.pushState(null, '', '/failed'));
  await expect.poll(() => collector.named('$pageview').length).toBe(3);
  await page.evaluate(() => history.pushState(null, '', '/thanks'));
  await expect.poll(() => collector.named('$pageview').length).toBe(4);
  await collector.expectConversions(page, 'goal_form', 1);
});

test('proof that comes after 30 seconds is none', { tag: '@playwright' }, async ({ page, collector }) => {
  await page.clock.install();
  await collector.open(page, signup(), { goals: [{ ...form, c: '.done' }] });
  await collector.expectPlan(page);
  await page.click('button');
  await page.clock.fastForward(31_000);
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<p class="done">Thanks</p>');
  });
  await page.clock.runFor(1_000);
  await collector.expectConversions(page, 'goal_form', 0);
});
