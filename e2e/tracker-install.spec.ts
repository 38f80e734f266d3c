/** Ways to install the tracker, and how goals arrive, in a real browser. */
import { readFileSync } from 'node:fs';
import { expect, test } from './recording-collector.ts';
import { planned } from './short-goal.ts';

const goal = { i: 'goal_buy', t: 2, s: '.buy' };
const button = '<button class="buy">Buy</button>';
const stub = 'window.tracker=window.tracker||{q:[],track(){this.q.push(["track",...arguments])}}';

test('a script appended later or loaded async works', async ({ page, collector }) => {
  collector.plan.g = [goal];
  for (const path of ['/appended', '/async']) {
    const append = `<script>const s = document.createElement('script'); s.src = '${collector.origin}/tracker.js'; s.dataset.site = 'SITE'; s.dataset.allowAutomation = ''; document.head.append(s)</script>`;
    const tag = path === '/async' ? collector.script('async') : append;
    collector.pages.set(path, { html: `<!doctype html><title>x</title>${tag}<body>${button}` });
    await page.goto(collector.site + path);
    await page.waitForFunction('window.tracker');
    await collector.expectConversions(page, 'none', 0);
    await page.click('.buy');
  }
  await collector.expectConversions(page, 'goal_buy', 2);
});

test('where currentScript is null, window.goalpost or the script address says the options', async ({
  page,
  collector,
}) => {
  collector.plan.g = [goal];
  const other = '<script type="text/plain" src="/trackers/tracker.min.js?site=OTHER"></script>';
  const load = (url: string): string => `${other}<script type="module" src="${url}"></script>`;
  const options = { site: 'OBJECT', api: collector.origin, 'allow-automation': true };
  const ways = {
    '/object': `<script>window.goalpost = ${JSON.stringify(options)}</script>${load(`${collector.origin}/tracker.js`)}`,
    '/query': load(`${collector.origin}/tracker.js?site=QUERY&allow-automation=true`),
  };
  for (const [path, tag] of Object.entries(ways)) {
    collector.pages.set(path, { html: `<!doctype html><title>x</title>${tag}<body>${button}` });
    await page.goto(collector.site + path);
    await page.waitForFunction('window.tracker');
    await collector.expectConversions(page, 'none', 0);
    await page.click('.buy');
    await collector.expectConversions(page, 'none', 0);
  }
  expect(new Set(collector.batches.map((batch) => batch.s))).toEqual(new Set(['OBJECT', 'QUERY']));
  await collector.expectConversions(page, 'goal_buy', 2);
});

test('without data-site the site is the host of the page, and what a template left empty is not there', async ({
  page,
  collector,
}) => {
  const empty = ['site', 'api', 'goals', 'global', 'include', 'exclude'].map((name) => `data-${name}=""`).join(' ');
  const tag = collector.script().replace('data-site="SITE"', empty);
  collector.pages.set('/page', { html: `<!doctype html><title>x</title>${tag}` });
  await page.goto(`${collector.site}/page`);
  await expect.poll(() => collector.batches[0]?.s).toBe('127.0.0.1');
  expect(collector.planRequests[0]!.url).toBe('/plan/127.0.0.1');
  expect(collector.named('$pageview')).toHaveLength(1);
  expect(await page.evaluate('typeof tracker.track')).toBe('function');
});

for (const [where, head] of [
  ['', ''],
  [', whatever the page says its links are relative to', '<base href="https://elsewhere.example/">'],
]) {
  test(`a path of the own origin is the collector${where}`, { tag: '@playwright' }, async ({ page, collector }) => {
    const planned = page.waitForRequest(`${collector.site}/stats/plan/SITE`);
    const sent = page.waitForRequest(`${collector.site}/stats/e`);
    await collector.open(page, 'Hello', { attributes: 'data-api="/stats/"', head: head! });
    await planned;
    await sent;
  });
}

test('calls before the script are replayed in order', async ({ page, collector }) => {
  const calls = `<script>${stub}; const kept = tracker;
    tracker.track('first'); tracker.track('second', 5, { a: 1 })</script>`;
  await collector.open(page, 'Hello', { head: calls });
  await expect.poll(() => collector.named('second').length).toBe(1);
  // A page's own bundle may hold on to what it found first.
  await page.evaluate('kept.track("third"); tracker.flush()');
  await expect.poll(() => collector.named('third').length).toBe(1);
  const names = collector.events.map((event) => event.n);
  expect(names).toEqual(['$pageview', 'first', 'second', 'third']);
  expect(collector.named('second')[0]).toMatchObject({ m: 5, p: { a: 1 }, pv: collector.named('$pageview')[0]!.i });
});

test('the global may have another name', async ({ page, collector }) => {
  await collector.open(page, 'Hello', { attributes: 'data-global="goals"' });
  await page.waitForFunction('window.goals');
  await page.evaluate('goals.track("named")');
  await expect.poll(() => collector.named('named').length).toBe(1);
  expect(await page.evaluate('typeof tracker')).toBe('undefined');
});

test('the pinned file is served with the integrity its manifest says', async ({ page, collector }) => {
  const { file, integrity } = JSON.parse(readFileSync(new URL('../dist/tracker.json', import.meta.url), 'utf8'));
  const tag = collector.script(`integrity="${integrity}" crossorigin`).replace('tracker.js', file);
  collector.pages.set('/page', { html: `<!doctype html><title>x</title>${tag}` });
  await page.goto(`${collector.site}/page`);
  await expect.poll(() => collector.named('$pageview').length).toBe(1);
});

test('goals may stand in the page', async ({ page, collector }) => {
  const inline = JSON.stringify({ v: 1, r: 1, g: [planned(goal)] });
  const body = `<script type="application/json" id="goalpost-goals">${inline}</script>${button}`;
  await collector.open(page, body, { attributes: 'data-goals="inline"' });
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_buy', 1);
  expect(collector.planRequests).toEqual([]);
});

test('goals may come from another address', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal], attributes: `data-goals="${collector.origin}/plan/other"` });
  await collector.expectConversions(page, 'none', 0);
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_buy', 1);
  expect(collector.planRequests[0]!.url).toBe('/plan/other');
});

test('clicks, submits and views before the plan are matched when it arrives', async ({ page, collector }) => {
  let arrive = (): void => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  collector.beforePlan = () => arrived;
  await collector.open(
    page,
    `<iframe name="f" hidden></iframe><form target="f" action="/sent">${button}<p class="price">7 €</p></form>`,
    {
      goals: [
        { ...goal, v: [1, '.price'] },
        { i: 'goal_form', t: 4, s: 'form' },
        { i: 'goal_view', t: 0, u: { match: 'exact', value: '/page' } },
        { i: 'goal_text', t: 3, x: 'buy' },
      ],
    },
  );
  await page.evaluate(() => {
    document.querySelector('.buy')!.addEventListener('click', (event) => {
      (event.target as Element).textContent = 'Bought';
    });
  });
  await page.click('.buy');
  arrive();
  for (const met of ['goal_buy', 'goal_form', 'goal_view', 'goal_text']) {
    await expect.poll(() => collector.conversions(met).length).toBe(1);
  }
  expect(collector.conversions('goal_buy')[0]!.g).toContainEqual(['goal_buy', '7 €']);
});

test('a plan that never comes leaves views and track untouched', async ({ page, collector }) => {
  collector.beforePlan = () => new Promise(() => undefined);
  await collector.open(page, button, { goals: [goal] });
  await page.evaluate('tracker.track("purchase", 5)');
  await expect.poll(() => collector.events.map((event) => event.n)).toEqual(['$pageview', 'purchase']);
  expect(collector.batches[0]!.r).toBe(0);
});

for (const [what, body] of [
  ['empty', ''],
  ['invalid', '<html>not json</html>'],
  ['null', 'null'],
  ['foreign', '{"error":"no such site"}'],
  ['broken', '{"v":1,"r":1,"g":[null,{"i":"x"},{"i":"y","t":0},{"i":"z","t":2},7]}'],
]) {
  test(`a plan that is ${what} leaves the page and track untouched`, async ({ page, collector }) => {
    collector.planBody = body;
    await collector.open(page, button);
    await page.click('.buy');
    await page.evaluate('tracker.track("purchase", 5)');
    await expect.poll(() => collector.named('purchase').length).toBe(1);
    expect(collector.named('$pageview')).toHaveLength(1);
  });
}

test('a changed revision is fetched once, and a goal switched off stops', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await expect.poll(() => collector.batches.at(-1)?.r).toBe(1);
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_buy', 1);
  expect(collector.planRequests).toHaveLength(1);
  collector.plan = { v: 1, r: 2, g: [] };
  await collector.expectPlan(page);
  expect(collector.planRequests).toHaveLength(2);
  expect(collector.planRequests[1]!.cache).toMatch(/no-cache|max-age=0/);
  await collector.expectConversions(page, 'goal_buy', 1);
  await page.click('.buy');
  await collector.expectConversions(page, 'goal_buy', 1);
  expect(collector.planRequests).toHaveLength(2);
});

test('a plan older than the collector says is asked for once', { tag: '@playwright' }, async ({ page, collector }) => {
  await page.clock.install();
  await collector.open(page, button);
  await expect.poll(() => collector.batches.at(-1)?.r).toBe(1);
  const before = collector.planRequests.length;
  // As from a cache between that keeps an answer for its ten minutes, whatever the browser asks for.
  collector.planBody = '{"v":1,"r":1,"g":[]}';
  collector.plan.r = 2;
  for (let seconds = 1; seconds < 4; seconds++) {
    await collector.expectConversions(page, 'none', 0);
    await page.clock.runFor(1_000);
    await expect.poll(() => collector.planRequests.length).toBe(before + 1);
  }
});

test('a view costs one request beside the plan, without a preflight', { tag: '@playwright' }, async ({
  page,
  collector,
}) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await collector.open(page, 'Hello');
  await expect.poll(() => collector.named('$pageview').length).toBe(1);
  // The browser tells of its requests in its own time, perhaps after the collector has answered.
  await expect.poll(() => requests).toEqual(['GET /page', 'GET /tracker.js', 'GET /plan/SITE', 'POST /e']);
});
