/** The debugger: says in words what is armed, what was seen, and why goals were met or not. */
import { test as plain } from '@playwright/test';
import { expect, RecordingCollector, test } from './recording-collector.ts';
import type { ShortGoal } from './short-goal.ts';

const goals: ShortGoal[] = [
  { i: 'goal_buy', t: 2, s: '.buy' },
  { i: 'goal_text', t: 3, x: 'sell' },
  { i: 'goal_bad', t: 2, s: '::(' },
  { i: 'goal_elsewhere', t: 2, s: '.buy', wi: [{ match: 'starts_with', value: '/shop/' }] },
  { i: 'goal_pro', t: 9, x: 'signup', p: { plan: 'pro' } },
];

test('explain tells of goals and signals in words', async ({ page, collector }) => {
  await collector.open(page, '<button class="buy">Buy</button>', { goals });
  await collector.expectConversions(page, 'none', 0);
  await page.click('.buy');
  await page.evaluate(`tracker.track('signup', { plan: 'free' })`);
  const told = (await page.evaluate('tracker.explain()')) as {
    state: string;
    goals: { goal: string; isArmed: boolean; why: string }[];
    signals: { signal: string; goals: { goal: string; isMet: boolean; why: string }[] }[];
  };
  expect(told.state).toBe('running; site SITE; 5 goals of revision 1');
  const armed = Object.fromEntries(told.goals.map(({ goal, isArmed, why }) => [goal, [isArmed, why]]));
  expect(armed.goal_buy).toEqual([true, 'armed: met when an element that matches .buy is clicked']);
  expect(armed.goal_bad).toEqual([false, 'this browser rejects the selector ::(']);
  expect(armed.goal_elsewhere).toEqual([false, 'the goal listens only where the path is "/shop/*"']);
  const click = told.signals.find(({ signal }) => signal.startsWith('$click'))!;
  const met = Object.fromEntries(click.goals.map(({ goal, isMet, why }) => [goal, [isMet, why]]));
  expect(met.goal_buy).toEqual([true, 'counted: an element that matches .buy is clicked']);
  expect(met.goal_text).toEqual([false, 'it asks that something whose text is "sell" is clicked']);
  const signup = told.signals.find(({ signal }) => signal.startsWith('signup'))!;
  expect(signup.goals).toEqual([{ goal: 'goal_pro', isMet: false, why: 'property plan is free, not pro' }]);
});

plain('data-debug prints each signal with its goals', { tag: '@playwright' }, async ({ page }) => {
  const collector = new RecordingCollector();
  await collector.start();
  const lines: string[] = [];
  page.on('console', (line) => lines.push(line.text()));
  await collector.open(page, '<button class="buy">Buy</button>', { goals, attributes: 'data-debug' });
  await expect.poll(() => lines.join('\n')).toContain('$pageview');
  await page.click('.buy');
  await expect.poll(() => lines.join('\n')).toContain('✓ goal_buy: counted: an element that matches .buy is clicked');
  await collector.close();
});

test('without data-debug nothing of the debugger is loaded', { tag: '@playwright' }, async ({ page, collector }) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await collector.open(page, 'Hello', { goals });
  await collector.expectConversions(page, 'none', 0);
  expect(requests.filter((url) => url.includes('debug'))).toEqual([]);
});
