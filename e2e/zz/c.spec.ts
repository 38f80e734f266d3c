/** throwaway */
import { expect, test as base } from '../recording-collector.ts';
import type { Page } from '@playwright/test';
const test = base.extend<{ noise: string[] }>({ noise: [async ({ page }, use) => {
  const n: string[] = []; page.on('pageerror', (e) => n.push('ERR ' + e.message)); page.on('console', (l) => { if (!/Failed to load resource|net::/.test(l.text())) n.push('CON ' + l.text().slice(0, 120)); });
  await use([]); if (n.length) console.log('   NOISE', base.info().title, n.slice(0, 3)); }, { auto: true }] });
const button = '<button class="buy">Buy</button><a class="l" href="#x">l</a>';
const goal = { i: 'goal_buy', t: 2, s: '.buy' };
const wait = (page: Page, ms: number) => page.waitForTimeout(ms);
const stored = (p: Page) => p.evaluate('Object.keys(localStorage).filter(k=>/^gp:/.test(k)).length');

test('hang then leave', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  collector.beforeAnswer = () => new Promise(() => 0);
  await page.evaluate('void(tracker.track("p",1), tracker.flush())');
  await wait(page, 300);
  await page.click('.buy');
  await wait(page, 1500);
  console.log('HANG second is sent', collector.conversions('goal_buy').length, await stored(page));
  collector.beforeAnswer = async () => undefined;
  await page.goto(collector.site + '/page?2');
  await wait(page, 1500);
  console.log('HANG after', await stored(page));
});
test('302', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  collector.answers = [{ status: 302, headers: { location: collector.site + '/elsewhere' } }, { status: 302, headers: { location: collector.site + '/elsewhere' } }];
  await page.evaluate('void(tracker.track("p",1), tracker.flush())');
  await wait(page, 3500);
  console.log('302', collector.batches.filter((b) => b.e.some((e) => e.n === 'p')).map((b) => b.status), await stored(page));
});
test('compat whose tracker cannot be loaded', async ({ page, collector }) => {
  collector.pages.set('/page', { html: `<!doctype html><title>p</title><script>addEventListener('unhandledrejection',e=>{console.log('UNHANDLED '+e.reason)})</script><script src="${collector.origin}/nowhere/compat.js" data-domain="SITE"></script><body>x` });
  await page.route('**/nowhere/tracker.js', (r) => r.fulfill({ status: 404 }));
  await page.goto(collector.site + '/page');
  await wait(page, 300);
  await page.evaluate('window.called=0;plausible("x",{callback(){window.called++}});');
  await wait(page, 500);
  console.log('COMPAT callback called', await page.evaluate('window.called'));
});
test('compat callback when the collector is down', async ({ page, collector }) => {
  collector.pages.set('/page', { html: `<!doctype html><title>p</title><script>addEventListener('unhandledrejection',e=>{console.log('UNHANDLED '+e.reason)})</script><script data-allow-automation src="${collector.origin}/compat.js" data-domain="SITE"></script><body>x` });
  await page.goto(collector.site + '/page');
  await page.evaluate('window.called=0;window.w=[];plausible("x",{callback(a){window.called++;w.push(a)}});');
  await wait(page, 800);
  collector.answers = [{ status: 500 }, { status: 500 }];
  await page.evaluate('plausible("x2",{callback(a){window.called++;w.push(a)}});');
  await wait(page, 800);
  console.log('COMPAT2 callback called', await page.evaluate('window.called'), JSON.stringify(await page.evaluate('w')));
});
test('redaction', async ({ page, collector }) => {
  const urls = ['/a?q=john%2540example.com', '/a?q=john%252540example.com', '/a?q=j%c3%b6rg@m%c3%bcller.de', '/a?user%5Bemail%5D=a.b@c.de', '/a?next=https%3A%2F%2Fx.de%2F%3Ftoken%3DSECRET%26a%3D1', '/a?next=https%253A%252F%252Fx.de%252F%253Ftoken%253DSECRET', '/a;jsessionid=SECRET?x=1', '/a#/reset?token=SECRET', '/a#/u/john@example.com', '/a#token=SECRET&x=1', '/a?TOKEN=SECRET', '/a?access_token=SECRET', '/a?api-key=SECRET', '/a?apiKey=SECRET', '/a?x=1&amp;token=SECRET', '/a?x=1;token=SECRET', '/a?q="john doe"@example.com', '/a?q=用户@例子.公司', '/a?token=SECRET?x', '/a?token[]=SECRET', '/a?token%5B0%5D=SECRET', '/a?%74oken=SECRET', '/a?to%6ben=SECRET', '/a?reset_password_token=SECRET', '/a?sessionid=SECRET', '/a?session=SECRET', '/a?otp=SECRET', '/a?pwd=SECRET', '/a?Email=john@x.de', '/a?e=john+tag@x.co.uk', '/a?e=john%2Btag%40x.co.uk', '/a?e=%6Aohn%40x.de', '/john@example.com/x', '/a?q=mailto:john@example.com', '/a?q=<john@example.com>', '/a?refresh_token=SECRET&id_token=SECRET', '/a?client_secret=SECRET', '/a?auth=SECRET', '/a?state=ok&code=SECRET', '/a?key=SECRET', '/a?data=%7B%22email%22%3A%22john%40example.com%22%7D', '/a?data=%7B%22token%22%3A%22SECRET%22%7D', '/a?hash=SECRETx', '/a?phone=SECRET', '/a?x=john%00@example.com','/a?e=john@example.xn--p1ai','/a?e=john%40example%2Ecom', '/a?e=john%EF%BC%A0example.com','/a#!/x?password=SECRET','/a?a=1#?token=SECRET', '/a?returnTo=/login#token=SECRET', '/a?u=https://user:SECRET@host.de/'];
  await collector.open(page, button, { goals: [goal], attributes: 'data-auto=false' });
  await collector.expectConversions(page, 'none', 0);
  await page.evaluate((u) => { for (const x of u) (window as any).tracker.page(x); return (window as any).tracker.flush(); }, urls);
  await page.evaluate((u) => { for (const x of u) { history.pushState({}, '', x); (window as any).tracker.page(); } return (window as any).tracker.flush(); }, urls);
  await wait(page, 500);
  const seen = collector.named('$pageview').map((e) => e.u!.replace(collector.site, ''));
  seen.forEach((u, n) => { if (/SECRET|john|doe|用户|J%C3%B6rg|%E7%94|j%c3/i.test(u)) console.log('REDACT', n, urls[n % urls.length], '->', u); });
  console.log('REDACT total', seen.length, urls.length * 2);
});
test('api kinds', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal], attributes: 'data-store=local' });
  await collector.expectConversions(page, 'none', 0);
  await page.evaluate(`(async () => { const t = (k, ...a) => tracker.track(...a);
    t('big', 'big', 5n); t('nan','nan',NaN); t('inf','inf',Infinity); t('objamt','objamt',{amount:{}}); t('fn','fn',()=>1);
    t('rev','rev',{revenue:{amount:'12,50',currency:'EUR'}}); t('revq','revq',{revenue:5,quantity:3,currency:'USD'}); t('val','val',{value:7}); t('zero','zero',0); t('neg','neg',-5); t('e','e',1e21); t('str','str','49,99'); t('nullp','nullp',null,{a:1}); t('revnull','revnull',{revenue:null});
    t('31','31',Object.fromEntries(Array.from({length:31},(_, i)=>['k'+i,i]))); t('longkey','longkey',{['k'.repeat(301)]:1, ok:1}); t('longval','longval',{v:'😀'.repeat(2001), w:'😀'.repeat(2000)}); t('kinds','kinds',{a:null,b:undefined,c:[1],d:{},e:new Date(),f:true,g:NaN,h:'',i:0});
    t('proto','proto',JSON.parse('{"__proto__":"x","constructor":"y","toString":"z"}')); t('str2','str2','abc',"notobj"); t('arr','arr',[1,2]);
    t('lone','lone \\ud800',{p:'\\ud800'}); t('order','order',5,{order_id:1001}); t('order2','order2',5,{order_id:'x'.repeat(129)}); t('order3','order3',5,{order_id:{}}); t('cur','cur',5,{currency:{}}); t('qn', 'qn', {revenue: '5', quantity: 'x'}); t('bool','bool',true);
    t('both','both',5,{amount:7,value:8,currency:'EUR'}); t('emptyamt','emptyamt',''); t('revqstr','revqstr',{revenue:'5.10',quantity:'3'}); t('rev0','rev0',{revenue:5,quantity:0}); t('float','float',{revenue:0.1,quantity:3});
    await tracker.flush() })()`);
  await wait(page, 500);
  for (const e of collector.events) if (!/^\$|^none|^mark/.test(e.n)) console.log('   ', JSON.stringify({ n: e.n.slice(0, 10), m: e.m, c: e.c, o: typeof e.o === 'string' ? e.o.slice(0, 5) + e.o.length : e.o, p: e.p && Object.keys(e.p).join().slice(0, 40) }));
});
