/** Clicks on texts, case by case, in a real browser. */

import { test } from './recording-collector.ts';
import type { ShortGoal } from './short-goal.ts';

const text: ShortGoal = { i: 'goal_text', t: 3, x: 'buy now' };

test('text is read with spaces between elements and without what is hidden', async ({ page, collector }) => {
  const html =
    '<a class="buy" href="#">Buy<b>now</b><script type="text/plain">ignored</script><span hidden>not me</span><!-- c -->!</a>';
  await collector.open(page, html, { goals: [{ ...text, x: 'buy now !' }] });
  await page.click('b');
  await collector.expectConversions(page, 'goal_text', 1);
});

test('a comment between texts separates nothing', async ({ page, collector }) => {
  await collector.open(page, '<button class="buy">Pay $<!-- -->5</button>', { goals: [{ ...text, x: 'pay $5' }] });
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_text', 1);
});

for (const [what, html] of [
  ['the value of a submit button', '<input class="c" type="submit" value="Buy  now">'],
  ['aria-label', '<button class="c" aria-label="Buy&nbsp;now"><svg width="20" height="20"></svg></button>'],
  ['alt', '<img class="c" alt="buy now" width="20" height="20">'],
  ['title', '<button class="c" title=" Buy\nnow ">&nbsp;</button>'],
  ['alt of what is in it', '<a class="c" href="#x"><i style="padding:9px"></i><img alt="buy now"></a>'],
]) {
  test(`text is ${what} when there is none`, async ({ page, collector }) => {
    await collector.open(page, html!, { goals: [text] });
    await page.click('.c');
    await collector.expectConversions(page, 'goal_text', 1);
  });
}

test('what was typed is never read as text', async ({ page, collector }) => {
  await collector.open(
    page,
    '<input class="a"><input class="b" type="password" value="buy now"><input type="submit" value="x">',
    { goals: [text] },
  );
  await page.fill('.a', 'buy now');
  await page.click('.a');
  await page.click('.b');
  await collector.expectConversions(page, 'goal_text', 0);
});

test('equal text counts on the innermost element, other operators on the nearest interactive one', async ({
  page,
  collector,
}) => {
  await collector.open(page, '<section><p>Hello <b>buy now</b></p><a href="#">Get <b>it</b> today</a></section>', {
    goals: [
      text,
      { i: 'goal_part', t: 3, m: 1, x: 'get it', s: 'section' },
      { i: 'goal_case', t: 3, cs: 1, x: 'Buy Now' },
    ],
  });
  await page.click('p b');
  await page.click('a b');
  await collector.expectConversions(page, 'goal_text', 1);
  await collector.expectConversions(page, 'goal_part', 1);
  await collector.expectConversions(page, 'goal_case', 0);
});

test('a component, and what is a control by its role, have the text that is seen in them', async ({
  page,
  collector,
}) => {
  await collector.open(page, '<x-button>Buy <b>now</b></x-button><p role="tab"><b>Get</b> it</p>', {
    goals: [
      { ...text, m: 2 },
      { i: 'goal_role', t: 3, m: 1, x: 'get it' },
    ],
  });
  await page.evaluate(() => {
    const root = document.querySelector('x-button')!.attachShadow({ mode: 'open' });
    root.innerHTML = '<button style="padding:20px"><slot name="icon"></slot><slot>Label</slot></button>';
  });
  await page.click('x-button b');
  await page.click('x-button button', { position: { x: 3, y: 3 } });
  await page.click('p b');
  await collector.expectConversions(page, 'goal_text', 2);
  await collector.expectConversions(page, 'goal_role', 1);
});
