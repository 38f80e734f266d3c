/** Pages written the way five other products' documents show, with their script's address changed. */
import type { Page } from '@playwright/test';
import { expect, type RecordingCollector, test } from './recording-collector.ts';

/** Serves and opens a page as it is written for another product. */
async function openAs(page: Page, collector: RecordingCollector, html: string): Promise<void> {
  collector.pages.set('/page', { html: `<!doctype html><title>Page</title>${html}` });
  await page.goto(`${collector.site}/page`);
  await page.waitForFunction('window.tracker && tracker.explain');
}

const expectEvent = async (
  collector: RecordingCollector,
  name: string,
  expected: Record<string, unknown>,
): Promise<void> => {
  await expect.poll(() => collector.named(name).length).toBe(1);
  expect(collector.named(name)[0]).toMatchObject(expected);
};

test.describe('Plausible', () => {
  const stub = `<script>window.plausible = window.plausible || function() { (window.plausible.q = window.plausible.q || []).push(arguments) }</script>`;
  const script = (collector: RecordingCollector): string =>
    `<script defer data-domain="shop.example" data-allow-automation src="${collector.origin}/compat.js"></script>${stub}`;

  test('plausible() with props and revenue, before and after loading, and its callback', async ({
    page,
    collector,
  }) => {
    const queued = `<script>plausible('Early', { props: { method: 'HTTP' } })</script>`;
    await openAs(page, collector, script(collector) + queued);
    await expectEvent(collector, 'Early', { p: { method: 'HTTP' } });
    const answered = await page.evaluate(`new Promise((callback) =>
      plausible('Purchase', { revenue: { currency: 'USD', amount: 1322.22 }, props: { size: 'M' }, callback }))`);
    expect(answered).toEqual({ status: 202 });
    await expectEvent(collector, 'Purchase', { m: 1322.22, c: 'USD', p: { size: 'M' } });
    expect(collector.batches[0]!.s).toBe('shop.example');
    await page.evaluate(`plausible('pageview', { u: '/virtual' })`);
    await expect
      .poll(() => collector.named('$pageview').map((event) => new URL(event.u!).pathname))
      .toEqual(['/page', '/virtual']);
  });

  test('plausible.init with custom properties, and manual page views', async ({ page, collector }) => {
    const init = `<script>plausible.init = plausible.init || function (i) { plausible.o = i || {} };
      plausible.init({ customProperties: { author: 'Ann' }, autoCapturePageviews: false })</script>`;
    await openAs(page, collector, script(collector) + init);
    await page.evaluate(`plausible('Read', { props: { words: 900 } })`);
    await expectEvent(collector, 'Read', { p: { author: 'Ann', words: 900 } });
    expect(collector.named('$pageview')).toEqual([]);
  });

  test('classes on links, buttons around them, and forms', async ({ page, collector }) => {
    const body = `
      <button class="plausible-event-name=Button+Click plausible-event-position=footer"><b id="b">Click</b></button>
      <a href="#x" class="plausible-event-name--Link plausible-revenue-amount=10.29 plausible-revenue-currency=EUR">Link</a>
      <iframe name="f" hidden></iframe>
      <form class="plausible-event-name=Form" target="f" action="/sent"><input id="i"><button id="s">Send</button></form>`;
    await openAs(page, collector, `${script(collector)}<body>${body}`);
    await page.click('#b');
    await page.click('a');
    await page.click('#i');
    await page.click('#s');
    await expectEvent(collector, 'Button Click', { p: { position: 'footer' } });
    await expectEvent(collector, 'Link', { m: '10.29', c: 'EUR' });
    await expectEvent(collector, 'Form', {});
  });
});

test('Sparklytics: track, identify and reset', async ({ page, collector }) => {
  await openAs(
    page,
    collector,
    `<script defer data-website-id="site_abc" data-allow-automation src="${collector.origin}/compat.js"></script>`,
  );
  await page.evaluate(
    `sparklytics.track('signup_click', { plan: 'pro' }); sparklytics.identify('u1'); sparklytics.reset()`,
  );
  await expectEvent(collector, 'signup_click', { p: { plan: 'pro' } });
  expect(collector.batches[0]!.s).toBe('site_abc');
});

test.describe('DataFast', () => {
  const head = (collector: RecordingCollector): string => `
    <script>window.goalpost = { store: 'local' };
      window.datafast = window.datafast || function() { (window.datafast.q = window.datafast.q || []).push(arguments) }</script>
    <script defer data-website-id="dfid_1" data-domain="shop.example" data-allow-automation src="${collector.origin}/compat.js"></script>`;

  test('datafast() spells names its way and shares the visitor', async ({ page, collector }) => {
    const queued = `<script>datafast('Initiate Checkout', { product: 'T-shirt' })</script>`;
    await openAs(page, collector, head(collector) + queued);
    await expectEvent(collector, 'initiate_checkout', { p: { product: 'T-shirt' } });
    await page.evaluate(`datafast('identify', { user_id: 'user-1' }); datafast('later')`);
    await expectEvent(collector, 'later', { vi: 'user-1' });
    expect(await page.evaluate('document.cookie')).toContain('datafast_visitor_id=user-1');
  });

  test('data-fast-goal and data-fast-scroll', async ({ page, collector }) => {
    const body = `<button data-fast-goal="Add To Cart" data-fast-goal-product-id="7">Add</button>
      <div style="height:3000px"></div><section data-fast-scroll="pricing" data-fast-scroll-plan="pro" style="height:100px">Pricing</section>`;
    await openAs(page, collector, `${head(collector)}<body>${body}`);
    await page.click('button');
    await expectEvent(collector, 'add_to_cart', { p: { product_id: '7' } });
    expect(collector.named('pricing')).toEqual([]);
    await page.evaluate(() => scrollTo(0, 99_999));
    await expectEvent(collector, 'pricing', { p: { plan: 'pro' } });
  });
});

test('Mida: mdq, mida and mida-event', async ({ page, collector }) => {
  const html = `<script>window.mdq = window.mdq || []; mdq.push(['track', 'Early', { step: 1 }])</script>
    <script>window.goalpost = { consent: 'pending' }</script>
    <script async src="${collector.origin}/compat.js?key=PROJECT" data-allow-automation></script>
    <body><button mida-event="CTA"><b>Go</b></button>`;
  await openAs(page, collector, html);
  await page.click('b');
  await page.evaluate(`mida.track('Signup', { plan: 'pro' }); mida.revenue(49.99, 'EUR'); mdq.push(['track', 'Late'])`);
  expect(collector.batches).toEqual([]);
  await page.evaluate('mida.grantConsent()');
  await expectEvent(collector, 'Early', { p: { step: 1 } });
  await expectEvent(collector, 'CTA', {});
  await expectEvent(collector, 'Signup', { p: { plan: 'pro' } });
  await expectEvent(collector, 'revenue', { m: 49.99, c: 'EUR' });
  await expectEvent(collector, 'Late', {});
  expect(collector.batches[0]!.s).toBe('PROJECT');
});

test('PageSense: pagesense.push before and after loading', async ({ page, collector }) => {
  const html = `<script>window.pagesense = window.pagesense || []; window.pagesense.push(['trackEvent', 'Early'])</script>
    <script async src="${collector.origin}/compat.js?site=portal" data-allow-automation></script>`;
  await openAs(page, collector, html);
  await page.evaluate(`pagesense.push(['trackEvent', 'premiumsignupcta'])`);
  await expectEvent(collector, 'Early', {});
  await expectEvent(collector, 'premiumsignupcta', {});
});

test('beside the tracker, page code uses the one that is there', async ({ page, collector }) => {
  const html = `${collector.script()}<script defer src="${collector.origin}/compat.js"></script>`;
  await openAs(page, collector, html);
  await page.waitForFunction('window.plausible');
  await page.evaluate(`plausible('Once')`);
  await expectEvent(collector, 'Once', {});
  expect(collector.batches[0]!.s).toBe('SITE');
  expect(collector.planRequests).toHaveLength(1);
});

test('where the tracker cannot be loaded, pages that wait for it go on', { tag: '@playwright' }, async ({
  page,
  collector,
}) => {
  const script = `<script src="${collector.origin}/compat.js" data-domain="shop.example"></script>`;
  collector.pages.set('/page', { html: `<!doctype html><title>Page</title>${script}` });
  const headers = { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' };
  await page.route('**/tracker.js', (route) => route.fulfill({ headers, body: 'throw new Error("broken")' }));
  await page.goto(`${collector.site}/page`);
  await page.evaluate(`new Promise((callback) => plausible('Leave', { callback }))`);
});

test('nonsense throws nothing, and keeps nothing else from counting', async ({ page, collector }) => {
  const queued = `<script>
    plausible = datafast = { q: [null, [], ['early']] };
    mdq = [null, [], ['track'], ['track', 'early mida']];
    pagesense = [null, 'x', ['trackEvent'], ['trackEvent', 'early sense']];
  </script>`;
  await openAs(
    page,
    collector,
    `${queued}<script defer data-allow-automation src="${collector.origin}/compat.js"></script>`,
  );
  await page.evaluate(`
    for (const call of [plausible, datafast, mida.track, mida.revenue, mida.identify, sparklytics.track, plausible.init, mdq.push, pagesense.push])
      for (const given of [[], [null], [null, null], [{}, 5]]) call(...given);
    plausible('late', { props: null, revenue: null });
    tracker.flush()`);
  await expect.poll(() => collector.named('late').length).toBe(1);
  expect(
    collector.events
      .map(({ n }) => n)
      .filter((name) => name.startsWith('early'))
      .sort(),
  ).toEqual(['early', 'early', 'early mida', 'early sense']);
});

test('a second copy does nothing', async ({ page, collector }) => {
  const script = `<script defer data-domain="shop.example" data-allow-automation src="${collector.origin}/compat.js"></script>`;
  await openAs(page, collector, `${script}${script}<button class="plausible-event-name=Click">Click</button>`);
  await page.click('button');
  await page.evaluate('tracker.flush()');
  await expect.poll(() => collector.named('Click').length).toBe(1);
  await page.evaluate(`plausible('Last'); tracker.flush()`);
  await expect.poll(() => collector.named('Last').length).toBe(1);
  expect([collector.named('Click').length, collector.named('$pageview').length]).toEqual([1, 1]);
});
