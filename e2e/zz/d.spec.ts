/** throwaway: real server */
import { test, expect } from '../shop-test.ts';
test('odd args with the real server', async ({ page, shop }) => {
  const g = await shop.site.goal({ name: 'any', trigger: { type: 'event', name: 'odd', match: 'starts_with' } });
  const drops: unknown[] = [];
  page.on('response', async (r) => { if (r.url().endsWith('/e')) drops.push(r.status(), JSON.stringify((await r.json().catch(() => null))?.dropped)); });
  await page.goto(shop.url);
  await page.waitForFunction('window.tracker');
  await page.evaluate(`(async()=>{ const t = (...a) => tracker.track(...a);
   t('odd1',true); t('odd2',{amount:''}); t('odd3',5,{order_id:1001}); t('odd4',5,{order_id:1001}); t('odd5',5,{order_id:'x'.repeat(129)}); t('odd6',5,{order_id:{}}); t('odd7',5,{currency:{}}); t('odd8',5,{currency:'XXQ'}); t('odd9 \\ud800',{p:'\\ud800'}); t('odda',1e21); t('oddb',-5); t('oddc','abc'); t('oddd',5,{order_id:''}); t('odde',{revenue:5,quantity:'x'});t('oddf',{x:'\\u0000'});t('oddg',0);t('oddh',Number.MAX_VALUE);t('oddi',1e-9);
   await tracker.flush(); })()`);
  await page.waitForTimeout(1500);
  console.log('REAL', JSON.stringify(await shop.site.statistics(g)), JSON.stringify(drops));
});
test('long data-prop on a clicked element', async ({ page, shop }) => {
  const g = await shop.site.goal({ name: 'click', trigger: { type: 'element_click', selector: '#zz' } });
  await page.goto(shop.url);
  await page.waitForFunction('window.tracker');
  await page.waitForTimeout(800);
  await page.evaluate(`(()=>{const b=document.createElement('button');b.id='zz';for(let i=0;i<40;i++)b.setAttribute('data-prop-p'+i,'x'.repeat(3000));document.body.append(b);b.click()})()`);
  await page.waitForTimeout(1500);
  console.log('REAL2', JSON.stringify((await shop.site.statistics(g)).conversions));
});
