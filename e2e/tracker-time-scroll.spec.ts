/** Time, scroll and visibility, case by case, in a real browser. */
import type { Page } from '@playwright/test';
import { closedGate } from './gate.ts';
import { expect, test } from './recording-collector.ts';

const time = { i: 'goal_time', t: 5, n: 10 };

/** Pretends that the page lost or regained focus or sight. */
const pretend = (page: Page, what: 'hasFocus' | 'hidden', { value }: { value: boolean }): Promise<void> =>
  page.evaluate(
    ([member, state]) => {
      if (member === 'hidden') Object.defineProperty(document, 'hidden', { value: state, configurable: true });
      else document.hasFocus = () => state as boolean;
      if (member === 'hidden') document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      else window.dispatchEvent(new Event(state ? 'focus' : 'blur'));
    },
    [what, value] as const,
  );

test.describe('time', { tag: '@playwright' }, () => {
  test.beforeEach(async ({ page, collector }) => {
    await page.clock.install();
    await collector.open(page, 'Hello', { goals: [time] });
    await collector.expectPlan(page);
    await page.clock.pauseAt(Date.now() + 1_000);
  });

  test('counts once when the threshold is reached, and again in the next view', { tag: '@playwright' }, async ({
    page,
    collector,
  }) => {
    await page.clock.runFor(8_000);
    await collector.expectConversions(page, 'goal_time', 0);
    await page.clock.runFor(3_000);
    await collector.expectConversions(page, 'goal_time', 1);
    await page.clock.runFor(20_000);
    await collector.expectConversions(page, 'goal_time', 1);
    await page.evaluate(() => history.pushState({}, '', '/a'));
    await page.clock.runFor(8_500);
    await collector.expectConversions(page, 'goal_time', 1);
    await page.clock.runFor(3_000);
    await collector.expectConversions(page, 'goal_time', 2);
  });

  for (const [what, member, value] of [
    ['hidden', 'hidden', true],
    ['not focused', 'hasFocus', false],
  ] as const) {
    test(`stands still while the page is ${what}`, { tag: '@playwright' }, async ({ page, collector }) => {
      await page.clock.runFor(6_000);
      await pretend(page, member, { value });
      await page.clock.runFor(60_000);
      await pretend(page, member, { value: !value });
      await collector.expectConversions(page, 'goal_time', 0);
      await page.clock.runFor(5_000);
      await collector.expectConversions(page, 'goal_time', 1);
    });
  }

  test('is not added by sleep or a jump of the clock', { tag: '@playwright' }, async ({ page, collector }) => {
    await page.clock.fastForward(3_600_000);
    await page.clock.runFor(1_000);
    await collector.expectConversions(page, 'goal_time', 0);
  });
});

const depths = [30, 60, 100].map((n) => ({ i: `goal_${n}`, t: 6, n }));

test('the furthest visible edge of the page counts, once a view', async ({ page, collector }) => {
  await collector.open(page, '<div style="height:3000px;margin:0">Long</div>', { goals: depths });
  await collector.expectPlan(page);
  await page.evaluate(() => scrollTo(0, 1_000));
  await expect.poll(() => collector.conversions('goal_30').length).toBe(1);
  await page.evaluate(() => scrollTo(0, 0));
  await page.evaluate(() => scrollTo(0, 99_999));
  await expect.poll(() => collector.conversions('goal_100').length).toBe(1);
  for (const goal of ['goal_30', 'goal_60', 'goal_100']) await collector.expectConversions(page, goal, 1);
});

test('a page whose body is the box that scrolls is seen as far as the body was', async ({ page, collector }) => {
  const head = '<style>html,body{height:100%;overflow-x:hidden}</style>';
  await collector.open(page, '<div style="height:3000px">Long</div>', { goals: depths, head });
  await collector.expectPlan(page);
  await page.evaluate(() => document.body.scrollTo(0, 500));
  await expect.poll(() => collector.conversions('goal_30').length).toBe(1);
  await collector.expectConversions(page, 'goal_60', 0);
  await page.evaluate(() => document.body.scrollTo(0, 99_999));
  await expect.poll(() => collector.conversions('goal_100').length).toBe(1);
});

test('a page that fits the window is seen whole', async ({ page, collector }) => {
  await collector.open(page, 'Short', { goals: depths });
  await expect.poll(() => collector.conversions('goal_100').length).toBe(1);
});

const seen = { i: 'goal_seen', t: 7, s: '.offer' };
const far = '<div style="height:3000px"></div><p class="offer" style="height:100px" data-prop-offer="a">Offer</p>';

test('an element counts when it is on screen, once a view', async ({ page, collector }) => {
  await collector.open(page, far, { goals: [seen] });
  await collector.expectConversions(page, 'goal_seen', 0);
  await page.evaluate(() => document.querySelector('.offer')!.scrollIntoView());
  await expect.poll(() => collector.conversions('goal_seen').length).toBe(1);
  await page.evaluate(() => scrollTo(0, 0));
  await page.evaluate(() => scrollTo(0, 99_999));
  await collector.expectConversions(page, 'goal_seen', 1);
  expect(collector.conversions('goal_seen')[0]).toMatchObject({ n: '$visible', p: { offer: 'a' } });
});

test('an element must be on screen to its ratio and for its time', { tag: '@playwright' }, async ({
  page,
  collector,
}) => {
  await page.clock.install();
  await collector.open(page, far, {
    goals: [
      { ...seen, d: 5_000 },
      { ...seen, i: 'goal_whole', n: 1 },
    ],
  });
  await collector.expectPlan(page);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight - innerHeight - 30));
  await page.clock.runFor(3_000);
  await collector.expectConversions(page, 'goal_seen', 0);
  await page.clock.runFor(5_000);
  await expect.poll(() => collector.conversions('goal_seen').length).toBe(1);
  await collector.expectConversions(page, 'goal_whole', 0);
  await page.evaluate(() => scrollTo(0, 99_999));
  await expect.poll(() => collector.conversions('goal_whole').length).toBe(1);
});

test('an element that is added later counts, with ratio 0 wherever it is', async ({ page, collector }) => {
  await collector.open(page, '<main></main><div style="height:3000px"></div><footer></footer>', {
    goals: [seen, { ...seen, i: 'goal_there', s: '.note', n: 0 }],
  });
  await collector.expectConversions(page, 'goal_seen', 0);
  await page.evaluate(() => {
    document.querySelector('main')!.innerHTML = '<p class="offer">Offer</p>';
    document.querySelector('footer')!.innerHTML = '<p class="note">Note</p>';
  });
  await expect.poll(() => collector.conversions('goal_seen').length).toBe(1);
  await expect.poll(() => collector.conversions('goal_there').length).toBe(1);
});

test('an element that appears as the page is left counts where being there is enough', async ({ page, collector }) => {
  await collector.open(page, '<main></main>', { goals: [{ ...seen, s: '.note', n: 0 }] });
  await collector.expectPlan(page);
  await page.evaluate(() => {
    document.querySelector('main')!.innerHTML = '<p class="note">Note</p>';
    location.href = '/elsewhere';
  });
  await expect.poll(() => collector.conversions('goal_seen').length).toBe(1);
});

for (const when of ['before the page was ever seen', 'while the page is out of sight']) {
  test(`a plan that arrives ${when} finds its elements once it is seen`, async ({ page, collector }) => {
    const gate = closedGate();
    collector.beforePlan = () => gate.opened;
    const hide = `<script>Object.defineProperty(document, 'hidden', { value: true, configurable: true })</script>`;
    const head = when.startsWith('before') ? hide : '';
    await collector.open(page, '<p class="offer">Offer</p>', { goals: [{ ...seen, n: 0 }], head });
    await page.waitForFunction('window.tracker');
    await pretend(page, 'hidden', { value: true });
    gate.open();
    await collector.expectPlan(page);
    expect(collector.conversions('goal_seen')).toHaveLength(0);
    await pretend(page, 'hidden', { value: false });
    await expect.poll(() => collector.conversions('goal_seen').length).toBe(1);
    await pretend(page, 'hidden', { value: true });
    await pretend(page, 'hidden', { value: false });
    await collector.expectConversions(page, 'goal_seen', 1);
  });
}

test('an element still on screen counts in the next view too', async ({ page, collector }) => {
  await collector.open(page, '<p class="offer">Offer</p>', { goals: [seen] });
  await expect.poll(() => collector.conversions('goal_seen').length).toBe(1);
  await page.evaluate(() => history.pushState({}, '', '/a'));
  await expect.poll(() => collector.conversions('goal_seen').length).toBe(2);
});

test('a selector the browser rejects is reported once, and keeps no other element from being seen', async ({
  page,
  collector,
}) => {
  const goals = ['.sign:nonsense', '.sign'].map((s, n) => ({ i: `goal_${n}`, t: 7, s }));
  await collector.open(page, '<p class="sign">Sign</p>', { goals });
  await expect.poll(() => collector.conversions('goal_1').length).toBe(1);
  await page.evaluate(() => document.body.append('changed'));
  await expect.poll(() => collector.named('$diagnostic').map((event) => event.p)).toEqual([{ goal: 'goal_0' }]);
  await collector.expectConversions(page, 'goal_1', 1);
  expect(collector.named('$diagnostic')).toHaveLength(1);
});
