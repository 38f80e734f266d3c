/** throwaway */
import { expect, test as base } from '../recording-collector.ts';
import type { Page } from '@playwright/test';
import { createServer } from 'node:http';
const test = base.extend<{ noise: string[] }>({ noise: [async ({ page }, use) => {
  const n: string[] = []; page.on('pageerror', (e) => n.push('ERR ' + e.message)); page.on('console', (l) => { if (!/Failed to load resource|net::/.test(l.text())) n.push('CON ' + l.text().slice(0, 120)); });
  await use([]); if (n.length) console.log('   NOISE', base.info().title, n.slice(0, 3)); }, { auto: true }] });
const button = '<button class="buy">Buy</button><a class="l" href="#x">l</a>';
const goal = { i: 'goal_buy', t: 2, s: '.buy' };
const wait = (page: Page, ms: number) => page.waitForTimeout(ms);
const stored = (p: Page) => p.evaluate('Object.keys(localStorage).filter(k=>/^gp:/.test(k)).length');

test('lease in the future', async ({ page, collector }) => {
  collector.pages.set('/plain', { html: '<!doctype html><title>p</title>' });
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  collector.answers = [{ status: 503 }, { status: 503 }, { status: 503 }];
  await page.evaluate('tracker.track("p",1)');
  await wait(page, 300);
  await page.goto(collector.site + '/plain');
  await page.evaluate('localStorage.gp_lease = Date.now() + 3*86400000');
  collector.answers = [];
  await page.goto(collector.site + '/page');
  await wait(page, 2500);
  console.log('LEASE', collector.named('p').length, await stored(page));
});
for (const [name, answer] of [
  ['202 garbage', { status: 202, body: 'x{{' }], ['202 empty', { status: 202, body: '' }], ['202 null', { status: 202, body: 'null' }], ['202 r obj', { status: 202, body: '{"r":{}}' }], ['202 r huge', { status: 202, body: '{"r":1e300}' }], ['202 r str', { status: 202, body: '{"r":"<b>"}' }],
  ['200', { status: 200, body: '<html>' }], ['204', { status: 204, body: '' }], ['302', { status: 302, body: '', h: { location: '/elsewhere' } }], ['304', { status: 304, body: '' }],
  ['400', { status: 400, body: '{}' }], ['401', { status: 401, body: '{}' }], ['403', { status: 403, body: '{}' }], ['404', { status: 404, body: '<h1>' }], ['408', { status: 408, body: '' }], ['413', { status: 413, body: '' }], ['425', { status: 425, body: '' }], ['429', { status: 429, body: '' }], ['500', { status: 500, body: '' }], ['599', { status: 599, body: '' }],
] as [string, { status: number; body: string; h?: any }][])
test('answer ' + name, async ({ page, collector }) => {
  await page.route('**/e', async (r) => { posts++; if (r.request().postData()?.includes('"p"')) tries++; await r.fulfill({ status: answer.status, body: answer.body, headers: { 'access-control-allow-origin': '*', ...answer.h } }); });
  let posts = 0, tries = 0;
  await collector.open(page, button, { goals: [goal] });
  await wait(page, 500);
  await page.evaluate('tracker.track("p",1);tracker.flush()');
  await wait(page, 4500);
  console.log('ANSWER', name, 'posts', posts, 'tries of p', tries, 'stored', await stored(page), 'plans', collector.planRequests.length);
});
test('hang then leave', async ({ page, collector }) => {
  collector.pages.set('/plain', { html: '<!doctype html><title>p</title>' });
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  collector.beforeAnswer = () => new Promise(() => 0);
  await page.evaluate('tracker.track("p",1); tracker.flush()');
  await wait(page, 300);
  await page.click('.buy');
  await wait(page, 1500);
  console.log('HANG second is sent', collector.conversions('goal_buy').length, await stored(page));
  collector.beforeAnswer = async () => undefined;
  await page.goto(collector.site + '/page?2');
  await wait(page, 1500);
  console.log('HANG after', await stored(page));
});
test('constant 503 rate', async ({ page, collector }) => {
  await page.clock.install();
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  collector.answers = Array.from({ length: 1000 }, () => ({ status: 503 }));
  const n = collector.batches.length;
  await page.evaluate('tracker.track("p",1)');
  for (let i = 0; i < 300; i++) { await page.clock.runFor(2000); if (i % 10 === 0) await wait(page, 5); if (i === 100) console.log('503 after 200s', collector.batches.length - n); }
  console.log('503 after 600s', collector.batches.length - n);
});
test('rubbish in storage', async ({ page, collector }) => {
  collector.pages.set('/plain', { html: '<!doctype html><title>p</title>' });
  await page.goto(collector.site + '/plain');
  await page.evaluate(() => { const l = localStorage; l['gp:'] = ''; l['gp:junk'] = 'x'; l['gp:a'] = '{}'; l['gp:b'] = 'null'; l['gp:c'] = '[]'; l['gp:d'] = '["SITE"]'; l['gp:e'] = '["SITE",null]'; l['gp:f'] = '["SITE",{}]'; l['gp:g'] = '["SITE",{"i":5}]'; l['gp:h'] = '["SITE",{"i":"01a1ffaf-7a49-7268-8207-3626114d4a3f"}]'; l['gp:i'] = '["SITE",{"i":"x","n":"' + 'y'.repeat(70000) + '"}]'; l.gp_lease = 'abc'; l.gp_session = '{}'; l.gp_visitor = 'x'.repeat(5000); sessionStorage['gp:goal_buy'] = 'rubbish'; sessionStorage['gp:x'] = '[null,5]'; });
  await collector.open(page, button, { goals: [goal], attributes: 'data-store=local' });
  await wait(page, 1500);
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_buy', 1);
  console.log('RUBBISH', await page.evaluate('Object.keys(localStorage)'), collector.batches.length, collector.batches.map((b) => b.status + ':' + b.e.length));
  await page.reload(); await wait(page, 1500);
  console.log('RUBBISH2', await page.evaluate('Object.keys(localStorage)'), collector.batches.length);
});
test('ten tabs', async ({ page, context, collector }) => {
  collector.pages.set('/plain', { html: '<!doctype html><title>p</title>' });
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  collector.answers = Array.from({ length: 60 }, () => ({ status: 503 }));
  await page.evaluate('for(let i=0;i<50;i++)tracker.track("p",i)');
  await wait(page, 1300);
  await page.goto(collector.site + '/plain');
  await wait(page, 300);
  collector.answers = [];
  const before = collector.batches.length;
  const tabs = await Promise.all(Array.from({ length: 10 }, () => context.newPage()));
  await Promise.all(tabs.map((t) => t.goto(collector.site + '/page')));
  await wait(page, 3000);
  console.log('TEN', new Set(collector.named('p').map((e) => e.i)).size, 'batches with p', collector.batches.slice(before).filter((b) => b.e.some((e) => e.n === 'p')).length, await stored(page));
});
test('crash', async ({ page, context, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  collector.answers = Array.from({ length: 60 }, () => ({ status: 503 }));
  await page.evaluate('tracker.track("p",1)'); await wait(page, 300);
  const cdp = await context.newCDPSession(page); cdp.send('Page.crash').catch(() => 0); await page.waitForEvent('crash');
  collector.answers = [];
  const p2 = await context.newPage(); await p2.goto(collector.site + '/page'); await p2.waitForTimeout(1500);
  console.log('CRASH', collector.named('p').length, await stored(p2));
});
test('service worker that fails', async ({ page, collector }) => {
  collector.pages.set('/sw.js', { html: `self.addEventListener('install',()=>skipWaiting());self.addEventListener('activate',e=>e.waitUntil(clients.claim()));let n=0;self.addEventListener('fetch',e=>{if(/\\/e$/.test(e.request.url)&&n++<2)e.respondWith(Response.error())})`, headers: { 'content-type': 'text/javascript' } });
  collector.pages.set('/plain', { html: '<!doctype html><title>p</title>' });
  await page.goto(collector.site + '/plain');
  await page.evaluate('navigator.serviceWorker.register("/sw.js").then(()=>navigator.serviceWorker.ready)'); await wait(page, 500);
  await collector.open(page, button, { goals: [goal] });
  await wait(page, 300); await page.click('.buy'); await wait(page, 7000);
  console.log('SW', collector.conversions('goal_buy').length, await stored(page));
});
for (const [name, body] of [['unknown kind', '{"v":1,"r":1,"g":[{"i":"goal_x","t":99,"h":["$weird"]},{"i":"goal_buy","t":2,"h":["buy"],"s":".buy"}]}'], ['null goal', '{"v":1,"r":1,"g":[null,{"i":"goal_buy","t":2,"h":["buy"],"s":".buy"}]}'], ['no h', '{"v":1,"r":1,"g":[{"i":"goal_x","t":99},{"i":"goal_buy","t":2,"h":["buy"],"s":".buy"}]}'], ['bad regex', '{"v":1,"r":1,"g":[{"i":"goal_x","t":3,"h":["$click"],"x":["("]},{"i":"goal_y","t":0,"h":["$pageview"],"u":[["06","(","q"]]},{"i":"goal_buy","t":2,"h":["buy"],"s":".buy"}]}'], ['bad ratio', '{"v":1,"r":1,"g":[{"i":"goal_x","t":7,"h":["$visible"],"s":".buy","n":7,"d":0},{"i":"goal_buy","t":2,"h":["buy"],"s":".buy"}]}'], ['v2', '{"v":2,"r":1,"g":[]}'], ['null', 'null'], ['number', '5'], ['bom', '\ufeff{"v":1,"r":1,"g":[{"i":"goal_buy","t":2,"h":["buy"],"s":".buy"}]}'], ['huge', JSON.stringify({ v: 1, r: 1, g: [...Array.from({ length: 20000 }, (_, i) => ({ i: 'goal_' + i, t: 2, h: ['c' + i], s: '.c' + i })), { i: 'goal_buy', t: 2, h: ['buy'], s: '.buy' }] })]] as const)
test('plan ' + name, async ({ page, collector }) => {
  collector.planBody = body;
  await collector.open(page, button, {});
  await wait(page, 800); await page.click('.buy');
  await collector.expectConversions(page, 'zz', 0);
  console.log('PLAN', name, 'buy', collector.conversions('goal_buy').length, 'views', collector.named('$pageview').length, 'diag', JSON.stringify(collector.named('$diagnostic').map((e) => e.p)));
});
test('ten events at once flood listeners / api nonsense', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal], attributes: 'data-store=local' });
  await collector.expectConversions(page, 'none', 0);
  const out = await page.evaluate(`(async () => {
    const drops=[]; tracker.on('drop', d => drops.push(d.reason + ':' + String(d.key ?? '').slice(0,5)));
    const r = {};
    const t = (k, ...a) => { try { r[k] = String(tracker.track(...a)).length } catch (e) { r[k] = 'THROWS ' + e } };
    t('sym', Symbol('x')); t('empty',''); t('space','  '); t('dollar','$x'); t('spdollar',' $x'); t('120', '😀'.repeat(120)); t('121','😀'.repeat(121)); t('num', 5); t('undefined'); t('null', null); t('obj', {});
    t('big', 'big', 5n); t('nan','nan',NaN); t('inf','inf',Infinity); t('objamt','objamt',{amount:{}}); t('fn','fn',()=>1); t('symamt','symamt',Symbol()); t('getter','getter',{get a(){throw 1}, b:1}); t('proxy','proxy',new Proxy({}, {ownKeys(){throw 1}}));
    t('rev','rev',{revenue:{amount:'12,50',currency:'EUR'}}); t('revq','revq',{revenue:5,quantity:3,currency:'USD'}); t('val','val',{value:7}); t('zero','zero',0); t('neg','neg',-5); t('e','e',1e21); t('str','str','49,99'); t('nullp','nullp',null,{a:1}); t('revnull','revnull',{revenue:null});
    t('31','31',Object.fromEntries(Array.from({length:31},(_, i)=>['k'+i,i]))); t('longkey','longkey',{['k'.repeat(301)]:1, ok:1}); t('longval','longval',{v:'😀'.repeat(2001), w:'😀'.repeat(2000)}); t('kinds','kinds',{a:null,b:undefined,c:[1],d:{},e:new Date(),f:true,g:NaN,h:'',i:0});
    t('circ','circ',(()=>{const o={};o.o=o;return o})()); t('proto','proto',JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}')); t('str2','str2','abc',"notobj"); t('arr','arr',[1,2]);
    t('lone','lone \\ud800',{p:'\\ud800'}); t('order','order',5,{order_id:1001}); t('order2','order2',5,{order_id:'x'.repeat(129)}); t('order3','order3',5,{order_id:{}}); t('cur','cur',5,{currency:{}}); t('qn', 'qn', {revenue: '5', quantity: 'x'}); t('bool','bool',true);
    for (const f of [()=>tracker.page('http://['),()=>tracker.page({}),()=>tracker.page(null,null),()=>tracker.page('javascript:1'),()=>tracker.on('event',null),()=>tracker.on(),()=>tracker.identify({}),()=>tracker.identify(),()=>tracker.identify(7),()=>tracker.identify('x'.repeat(300)),()=>tracker.consent(),()=>tracker.consent(1),()=>tracker.on('event',()=>{throw 1})(),()=>{const {track,flush,page,on}=tracker;track('detached');flush()},()=>tracker.optOut('x'),()=>tracker.optIn()]) try { f() } catch (e) { r[f] = 'THROWS '+e }
    tracker.consent(true);
    await tracker.flush(); return [r, drops];
  })()`);
  console.log('API', JSON.stringify(out));
  await wait(page, 800);
  for (const e of collector.events) if (!/^\$|^none|^mark/.test(e.n)) console.log('   ', JSON.stringify({ n: e.n.slice(0, 10), m: e.m, c: e.c, o: typeof e.o === 'string' ? e.o.slice(0, 5) + e.o.length : e.o, p: e.p && Object.keys(e.p).length }));
});
