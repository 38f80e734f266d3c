/** Strings that would run as code, through everything that visitors and owners write, shown in every view. */
import type { Page } from '@playwright/test';
import { goalpostApi } from '../demo/goalpost.mjs';
import { expect, type Office, test, visit } from './dashboard-test.ts';

// Every test looks at many views.
test.slow();

/** Each breaks out of another context: text, attribute, script, address, template, style. */
const CORPUS = [
  '<img src=x onerror="window.ran=1">',
  '"><svg onload=window.ran=1>',
  "'-(window.ran=1)-'",
  '<script>window.ran=1</script>',
  '</script><script>window.ran=1</script>',
  '</textarea></title><iframe srcdoc="<script>top.ran=1</script>">',
  'javascript:window.ran=1//',
  '<a href="javascript:window.ran=1">x</a>',
  '{{constructor.constructor("window.ran=1")()}}',
  '<math><mtext><style><img src onerror=window.ran=1>',
  '</style><b style="animation:x" onanimationstart=window.ran=1>',
  '\u202e<body onpageshow=window.ran=1>',
];

/** Members of an event whose every text is the string. */
function hostileEvent(text: string, index: number) {
  const part = encodeURIComponent(text);
  const marks = ['source', 'medium', 'campaign', 'term', 'content'].map((name) => `utm_${name}=${part}`).join('&');
  return {
    n: text,
    u: `https://shop.example/${text}?${marks}#${text}`,
    f: index % 2 === 0 ? text : `https://${index}.example/${text}`,
    d: text,
    o: text,
    l: text,
    p: { [text]: text },
  };
}

/** Names the site, its goals and a share link with the strings, and sends them as a visitor; answers two goals' ids. */
async function fill(office: Office): Promise<string[]> {
  const account = goalpostApi({ url: office.url, key: office.adminKey });
  // Of the site, so that it goes with the site.
  const made = { site: office.site.id, scopes: ['admin'], name: CORPUS[0] };
  const api = goalpostApi({ url: office.url, key: (await account.call('POST', '/api/keys', made)).key });
  const site = `/api/sites/${office.site.id}`;
  await api.call('PATCH', site, { name: CORPUS[0] });
  await api.call('POST', `${site}/share-links`, { name: CORPUS[3] });
  const ids: string[] = [];
  for (const [index, text] of CORPUS.entries()) {
    const words = { name: text, key: `goal_${index}`, description: text };
    await office.call('POST', `${site}/goals`, { ...words, trigger: { type: 'revenue', name: text } });
  }
  for (const [index, trigger] of [
    { type: 'pageview', url: { match: 'path', value: '/**' } },
    { type: 'text_click', text: CORPUS[0], match: 'equals' },
  ].entries()) {
    ids.push((await office.call('POST', `${site}/goals`, { name: `All ${index}`, key: `all_${index}`, trigger })).id);
  }
  for (const [index, text] of CORPUS.entries()) {
    const event = hostileEvent(text, index);
    const money = { m: '1.00', c: 'EUR' };
    // A currency that is none is refused, and shown as such.
    const refused = { ...event, ...money, c: text };
    await visit(office, [{ ...event, n: '$pageview', a: -20 }, { ...event, ...money }, refused], {
      visitor: index + 1,
    });
  }
  return ids;
}

/** Whether anything of the page came from a string. */
async function expectNothingRan(page: Page, view: string): Promise<void> {
  const found = await page.evaluate(() => ({
    ran: (window as { ran?: number }).ran,
    elements: [...document.querySelectorAll('#content *, main *')]
      .filter(
        (element) =>
          element.matches('img, script, iframe, math, style, [style*=animation]') ||
          element.getAttributeNames().some((name) => name.startsWith('on')),
      )
      .map((element) => element.outerHTML),
    // The picker's bookmark is meant to be one; it is nobody's string.
    links: [...document.querySelectorAll<HTMLAnchorElement>('a[href]:not(.bookmark)')]
      .filter(({ protocol }) => !/^https?:$/.test(protocol))
      .map(({ href }) => href),
  }));
  expect([view, found]).toEqual([view, { ran: undefined, elements: [], links: [] }]);
}

test('strings that would run are shown in every view and run in none', async ({ page, office }) => {
  const [all = '', clicked = ''] = await fill(office);
  const site = `/sites/${office.site.domain}`;
  const views = ['/', '/members', '/account', `${site}/install`, `${site}/goals/new`, `${site}/goals/${clicked}/edit`];
  for (const view of views) {
    await page.goto(office.url + view);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    if (!view.endsWith('/install')) await page.waitForLoadState('networkidle');
    await expectNothingRan(page, view);
  }

  await page.goto(office.url + site);
  for (const text of CORPUS)
    await expect(page.locator('#content').getByRole('link', { name: text, exact: true })).toBeVisible();
  await expectNothingRan(page, 'goals');

  await page.goto(`${office.url}${site}/live`);
  await expect(page.getByRole('rowheader').filter({ hasText: CORPUS[3] ?? '' })).not.toHaveCount(0);
  await expectNothingRan(page, 'live');

  await page.goto(`${office.url}${site}/settings`);
  await expect(page.getByRole('button', { name: `Revoke the link for ${CORPUS[3]}` })).toBeVisible();
  await expectNothingRan(page, 'settings');

  await page.goto(`${office.url}${site}/funnels?goals=goal_0,goal_3&per=visitor`);
  await expect(page.getByRole('region', { name: 'The funnel' })).toContainText(CORPUS[3] ?? '');
  await expectNothingRan(page, 'funnels');

  await page.goto(`${office.url}${site}/goals/${all}/edit`);
  await expect(page.getByRole('region', { name: 'The last 7 days' })).toContainText('conversions by this definition');
  await expectNothingRan(page, 'edit');

  await page.goto(`${office.url}${site}/goals/${all}`);
  await expect(page.getByRole('region', { name: 'Last conversions' })).toContainText('window.ran=1');
  for (const choice of await page.locator('.breakdown .choice').all()) {
    await choice.click();
    await page.waitForLoadState('networkidle');
    await expectNothingRan(page, `goal by ${await choice.textContent()}`);
  }
  await page.getByRole('button', { name: 'UTM campaign', exact: true }).click();
  await page
    .getByRole('button', { name: CORPUS[3] ?? '', exact: true })
    .first()
    .click();
  await expect(page.getByRole('list', { name: 'Filters' })).toContainText(CORPUS[3] ?? '');
  await expectNothingRan(page, 'filtered');
  await page.locator('.versions summary').click();
  await expect(page.locator('.versions').getByRole('rowheader')).toContainText('All 0');
  await expectNothingRan(page, 'versions');
});
