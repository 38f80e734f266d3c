/** Links, case by case, in a real browser. */
import { test } from './recording-collector.ts';
import type { ShortGoal } from './short-goal.ts';

test('only links to other hosts are outbound', async ({ page, collector }) => {
  const links = ['/here', 'https://www.example.com/x', 'mailto:someone@example.com', '#top'];
  const html = links
    .map((href, n) => `<a id="a${n}" href="${href}" onclick="event.preventDefault()">link ${n}</a> `)
    .join('');
  await collector.open(page, html, { goals: [{ i: 'goal_out', t: 1, o: 1 }] });
  for (const n of links.keys()) await page.click(`#a${n}`);
  await collector.expectConversions(page, 'goal_out', 1);
});

test('a relative link leads where the route makes it lead', async ({ page, collector }) => {
  const goals: ShortGoal[] = [{ i: 'goal_item', t: 1, u: { match: 'path', value: '/two/item' } }];
  await collector.open(page, '<a href="item" onclick="return false">Item</a>', { goals });
  await collector.expectConversions(page, 'goal_item', 0);
  for (const route of ['/one/', '/two/']) {
    await page.evaluate((to) => history.pushState({}, '', to), route);
    await page.click('a');
  }
  await collector.expectConversions(page, 'goal_item', 1);
});

test('every condition of a link goal must hold', async ({ page, collector }) => {
  await collector.open(page, '<nav><a href="#a">a</a> <a class="x" href="#b">b</a></nav>', {
    goals: [
      { i: 'goal_both', t: 1, s: 'nav .x', u: { match: 'ends_with', value: '#b', on: 'url' } },
      { i: 'goal_any', t: 1 },
    ],
  });
  await page.click('text=a');
  await page.click('.x');
  await collector.expectConversions(page, 'goal_any', 2);
});

test('an address is read as the browser reads it, whatever white space is around it', async ({ page, collector }) => {
  const goals: ShortGoal[] = [
    { i: 'goal_out', t: 1, o: 1 },
    { i: 'goal_x', t: 1, u: { match: 'exact', value: 'https://other.example/x' } },
  ];
  const html = '<a href="  https://other.example/x \n" onclick="return false">Other</a>';
  await collector.open(page, html, { goals });
  await page.click('a');
  await collector.expectConversions(page, 'goal_out', 1);
  await collector.expectConversions(page, 'goal_x', 1);
});
