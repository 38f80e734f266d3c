/** throwaway */
import { expect, test } from '../recording-collector.ts';
import type { Page } from '@playwright/test';
const button = '<button class="buy">Buy</button><a class="l" href="#x">l</a>';
const goal = { i: 'goal_buy', t: 2, s: '.buy' };
const wait = (page: Page, ms: number) => page.evaluate((t) => new Promise((r) => setTimeout(r, t)), ms);
const W: any = globalThis;

test('T1 stale plan behind CDN', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  collector.planBody = '{"v":1,"r":1,"g":[]}';
  collector.plan.r = 2;
  await collector.expectConversions(page, 'none', 0);
  await wait(page, 3000);
  console.log('T1 plan requests', collector.planRequests.length);
  expect(collector.planRequests.length).toBeLessThan(4);
});
for (const ra of ['2592000', '1e999', 'Infinity', '-5', 'nonsense', new Date(Date.now() + 60_000).toUTCString()])
test('T2 retry-after ' + ra.slice(0, 10), async ({ page, collector }) => {
  await page.addInitScript(`const st=setTimeout;window.n=0;window.setTimeout=(...a)=>{window.n++;return st(...a)}`);
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  collector.answers = [{ status: 429, headers: { 'retry-after': ra } }];
  await page.evaluate('window.n=0;tracker.track("p",1)');
  await wait(page, 4000);
  console.log('T2', ra, await page.evaluate('window.n'), collector.batches.filter((b) => b.e.some((e) => e.n === 'p')).length);
});
test('T3 opt-out with full storage', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  await page.evaluate(`(()=>{let s='x'.repeat(1<<20);while(s.length){try{localStorage['f'+Math.random()]=s}catch{s=s.slice(0,s.length>>1)}}})()`);
  const n = collector.events.length;
  await page.evaluate('tracker.optOut(); tracker.track("after"); tracker.flush()');
  await wait(page, 1500);
  expect(collector.named('after')).toEqual([]);
});
test('T3b opt-out with blocked storage', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal], head: `<script>Object.defineProperty(window,'localStorage',{get(){throw new Error('no')}})</script>` });
  await collector.expectConversions(page, 'none', 0);
  await page.evaluate('tracker.optOut(); tracker.track("after"); tracker.flush()');
  await wait(page, 1500);
  expect(collector.named('after')).toEqual([]);
});
test('T4 opt-out across tabs', async ({ page, context, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  const other = await context.newPage();
  await other.goto(collector.site + '/page');
  await other.evaluate('tracker.flush()');
  await other.evaluate('tracker.optOut()');
  await page.waitForTimeout(300);
  await page.click('.buy');
  await page.evaluate('tracker.track("after"); tracker.flush()');
  await wait(page, 1500);
  console.log('T4 stored', await page.evaluate('Object.keys(localStorage)'));
  expect(collector.named('after')).toEqual([]);
});
for (const order of ['pending:false,true', 'pending:false,false,true', 'pending:true,false,true', 'denied:true', 'granted:false,true', 'pending:O,I,true', 'granted:O,I', 'pending:true,true'])
test('T5 order ' + order, async ({ page, collector }) => {
  const [start, calls] = order.split(':');
  await collector.open(page, button, { goals: [goal, { i: 'goal_page', t: 0, u: { match: 'simple', value: '/page' } }], attributes: `data-consent="${start}"` });
  await page.waitForFunction('window.tracker');
  await wait(page, 1500);
  for (const c of calls!.split(',')) { await page.evaluate(c === 'O' ? 'tracker.optOut()' : c === 'I' ? 'tracker.optIn()' : `tracker.consent(${c})`); await wait(page, 600); }
  await page.click('.buy');
  await wait(page, 300);
  await page.goto('about:blank');
  await page.waitForTimeout(300);
  console.log('T5', order, collector.events.map((e) => e.n + (e.en ? '=' + e.en : '') + ' ' + (e.pv ?? '').slice(-3)).join(', '), 'goals', collector.conversions('goal_page').length, collector.conversions('goal_buy').length);
});
test('T6 lease in the future', async ({ page, context, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  await page.evaluate('localStorage.gp_lease = Date.now() + 3*86400000');
  await context.setOffline(true);
  await page.evaluate('tracker.track("p",1)');
  await wait(page, 200);
  await page.evaluate('window.stop()');
  const left = await page.evaluate('JSON.stringify(Object.entries(localStorage))');
  await context.setOffline(false);
  await page.evaluate(`tracker.stop(); 1`);
  // crash: copy over
  const p2 = await context.newPage();
  await p2.goto(collector.site + '/other');
  await p2.evaluate(`for (const [k,v] of ${left}) localStorage[k]=v; localStorage.gp_lease = Date.now() + 3*86400000; delete localStorage.gp_optout`);
  await p2.goto(collector.site + '/page');
  await p2.waitForFunction('window.tracker');
  await wait(p2, 1500);
  expect(collector.named('p').length).toBe(1);
});
test('T8 bad visible goals', async ({ page, collector }) => {
  const vis = { i: 'goal_vis', t: 7, s: '.buy' };
  collector.planBody = undefined;
  await collector.open(page, button, { goals: [{ i: 'goal_bad', t: 7, s: '.x:unknown-pseudo' }, vis] });
  await wait(page, 1500);
  await collector.expectConversions(page, 'goal_vis', 1);
  console.log('T8 diag', JSON.stringify(collector.named('$diagnostic').map((e) => e.p)));
  expect(collector.named('$diagnostic').length).toBe(1);
});
test('T9 keys while pending', async ({ page, collector }) => {
  await collector.open(page, button + '<input class=i>', { goals: [goal], attributes: 'data-consent="pending"' });
  await page.waitForFunction('window.tracker');
  await page.evaluate('tracker.track("early", 3)');
  await page.click('.buy');
  await page.locator('.i').pressSequentially('x'.repeat(230));
  await page.evaluate('tracker.consent(true)');
  await wait(page, 1500);
  console.log('T9', collector.events.map((e) => e.n).join());
  expect(collector.named('early').length).toBe(1);
  expect(collector.named('$pageview').length).toBe(1);
});
test('T16 redact extra in the referrer', async ({ page, collector }) => {
  collector.plan.x = ['member'];
  await collector.open(page, '<a id=n href="/page?b=2">n</a>', { path: '/page?member=4711' });
  await wait(page, 500);
  await page.click('#n');
  await wait(page, 1500);
  console.log('T16', JSON.stringify(collector.events.map((e) => [e.n, e.u, e.f])));
  expect(JSON.stringify(collector.batches)).not.toContain('4711');
});
test('T14 dataLayer with throwing getter', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [{ ...goal, v: [2, 'ecommerce.value', 'ecommerce.currency'] }], head: `<script>dataLayer=[{ecommerce:{value:'12.5',currency:'EUR'}},null,7,'s',{get ecommerce(){throw 1}}]</script>` });
  await wait(page, 500);
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_buy', 1);
  console.log('T14', JSON.stringify(collector.conversions('goal_buy')[0]!.g));
});
