/** Every kind of goal that the products' APIs can make, with what a visitor does that meets it and what does not. */
import type { TriggerType } from '../src/core/goal.ts';
import type { DialectSite, Visit } from './dialect-site.ts';

/** One goal in a product's own words. */
export interface GoalCase {
  /** Its name natively. */
  name: string;
  trigger: TriggerType;
  /** The request's body. */
  body: Record<string, unknown>;
  /** What looks like it and is not. */
  miss?: ((visit: Visit) => Promise<unknown>) | undefined;
  /** What meets it once; absent: no browser can. */
  meet?: ((visit: Visit) => Promise<unknown>) | undefined;
}

const routes =
  (...paths: string[]) =>
  async (visit: Visit): Promise<void> => {
    for (const path of paths) await visit.route(path);
  };
const says = (code: string) => (visit: Visit) => visit.say(code);
const clicks = (selector: string) => (visit: Visit) => visit.page.click(selector);

/** Three types, each with properties and without. */
export function plausibleGoals(): GoalCase[] {
  const goal = (goal_type: string, words: Record<string, unknown>) => ({ goal_type: `Goal.${goal_type}`, goal: words });
  const pro = { custom_props: { plan: 'pro' } };
  const money = "revenue: { currency: 'EUR', amount: 19.9 }";
  return [
    {
      name: 'Signup',
      trigger: 'event',
      body: goal('CustomEvent', { event_name: 'Signup' }),
      miss: says("plausible('signup'); plausible('Signup up')"),
      meet: says("plausible('Signup')"),
    },
    {
      name: 'Trial',
      trigger: 'event',
      body: goal('CustomEvent', { event_name: 'Trial', ...pro }),
      miss: says("plausible('Trial'); plausible('Trial', { props: { plan: 'free' } })"),
      meet: says("plausible('Trial', { props: { plan: 'pro' } })"),
    },
    {
      name: 'Visit /blog/*/end',
      trigger: 'pageview',
      body: goal('Pageview', { path: '/blog/*/end' }),
      miss: routes('/blog/end', '/blog/a/end/more'),
      meet: routes('/blog/a/b/end?utm_source=x'),
    },
    {
      name: 'Visit /pricing',
      trigger: 'pageview',
      body: goal('Pageview', { path: 'pricing', ...pro }),
      miss: routes('/pricing'),
      meet: says("plausible('pageview', { u: '/pricing', props: { plan: 'pro' } })"),
    },
    {
      name: 'Purchase',
      trigger: 'revenue',
      body: goal('Revenue', { event_name: 'Purchase', currency: 'EUR' }),
      miss: says("plausible('Purchases')"),
      meet: says(`plausible('Purchase', { ${money} })`),
    },
    {
      name: 'Upgrade',
      trigger: 'revenue',
      body: goal('Revenue', { event_name: 'Upgrade', currency: 'EUR', ...pro }),
      miss: says(`plausible('Upgrade', { props: { plan: 'free' }, ${money} })`),
      meet: says(`plausible('Upgrade', { props: { plan: 'pro' }, ${money} })`),
    },
  ];
}

/** Nine ways to match a page, by `url[0].match_type`: what is written, what meets it, what only looks like it. */
function pagesenseMatches({ origin, otherOrigin }: DialectSite): GoalCase[] {
  const ways: [type: number, goal_url: string, meet: GoalCase['meet'], miss: string[]][] = [
    [1, `${origin}/simple`, (visit) => visit.load('/simple/?utm_source=x#part'), ['/simple/more']],
    [2, `${origin}/exact?plan=pro`, (visit) => visit.load('/exact?plan=pro'), ['/exact', '/exact?plan=free']],
    [3, `${origin}/wild/*/end`, (visit) => visit.load('/wild/a/b/end'), ['/wild/a/b/end/more']],
    [4, '^http://localhost:\\d+/regex/\\d+$', (visit) => visit.load('/regex/42'), ['/regex/forty']],
    [5, 'contained', (visit) => visit.load('/a/contained/b'), ['/a/contain/b']],
    [6, `${origin}/starts`, (visit) => visit.load('/starts-here'), ['/it/starts']],
    [7, '/finish', (visit) => visit.load('/at/finish'), ['/finish/line']],
    [8, '127.0.0.1', (visit) => visit.load('/any', otherOrigin), ['/127.0.0.1']],
    [10, 'checkout', (visit) => visit.load('/cart/2'), ['/cart']],
  ];
  return ways.map(([match_type, goal_url, meet, miss]) => ({
    name: `Match ${match_type}`,
    trigger: 'pageview',
    body: pagesense(`Match ${match_type}`, 1, { goal_url, url: [{ match_type }] }),
    meet,
    miss: routes(...miss),
  }));
}

const pagesense = (display_name: string, goal_type: number, words: Record<string, unknown>) => ({
  projectgoal: { display_name, goal_type, ...words },
});

/** Ten types and nine ways to match; the group of URLs is there already. */
export function pagesenseGoals(site: DialectSite): GoalCase[] {
  const { origin } = site;
  const goal = (type: number, trigger: TriggerType, words: Record<string, unknown>) => ({
    name: `Type ${type}`,
    trigger,
    body: pagesense(`Type ${type}`, type, words),
  });
  const only = (path: string) => ({ include_urls: [origin + path], url: [{ match_type: 2 }] });
  return [
    ...pagesenseMatches(site),
    { ...goal(1, 'pageview', { goal_url: `${origin}/visit` }), meet: (visit) => visit.load('/visit') },
    {
      ...goal(9, 'pageview', { goal_url: `${origin}/virtual` }),
      miss: (visit) => visit.load('/virtual'),
      meet: routes('/virtual'),
    },
    {
      ...goal(3, 'form_submit', { selector: 'form#signup', ...only('/form') }),
      miss: clicks('#signup input'),
      meet: async (visit) => {
        await visit.route('/form');
        await visit.page.click('#signup button');
      },
    },
    {
      ...goal(4, 'element_click', { selector: '.cta', ...only('/click') }),
      miss: clicks('.cta'),
      meet: async (visit) => {
        await visit.route('/click');
        await visit.page.click('.cta b');
      },
    },
    {
      ...goal(5, 'engagement', only('/engage')),
      meet: async (visit) => {
        await visit.load('/engage');
        await visit.page.click('#text');
        await visit.page.click('#text');
      },
    },
    {
      ...goal(6, 'event', { event_name: 'premiumsignupcta' }),
      miss: says("pagesense.push(['trackEvent', 'premium'])"),
      meet: says("pagesense.push(['trackEvent', 'premiumsignupcta'])"),
    },
    {
      ...goal(7, 'revenue', { event_name: 'order', currency: 'EUR' }),
      meet: says("pagesense.push(['trackEvent', 'order', 19.9])"),
    },
    {
      ...goal(10, 'event', { event_name: 'invoiced' }),
      miss: says("pagesense.push(['trackEvent', 'invoiced'])"),
    },
    {
      ...goal(2, 'link_click', { link_url: `${origin}/next` }),
      meet: async (visit) => {
        await visit.page.click('#next');
        await visit.page.waitForURL('**/next');
      },
    },
    { ...goal(8, 'time_spent', { time_threshold: 1, ...only('/read') }), meet: (visit) => visit.load('/read') },
  ];
}

/** How a value stands in the operator's place of a longer one, and where it is no match. */
const OPERATORS: Record<string, { hit: (value: string) => string; miss: (value: string) => string }> = {
  equals: { hit: (value) => value, miss: (value) => `${value}x` },
  contains: { hit: (value) => `/x${value}x`, miss: (value) => value.slice(0, -1) },
  starts_with: { hit: (value) => `${value}x`, miss: (value) => `/x${value}` },
  ends_with: { hit: (value) => `/x${value}`, miss: (value) => `${value}x` },
};
const MODES: Record<string, Record<string, unknown>> = {
  none: {},
  fixed: { fixed_value: 9.5 },
  event_property: { value_property_key: 'amount' },
};

/** What a conversion brings by value mode; the pages say 12.25. */
export const SPARKLYTICS_REVENUE: Record<string, number> = { none: 0, fixed: 9.5, event_property: 12.25 };

/** Two types, four operators, three value modes. */
export function sparklyticsGoals(): (GoalCase & { mode: string })[] {
  const said = JSON.stringify({ amount: 12.25 });
  const meets: Record<string, (text: string) => GoalCase['meet']> = {
    event: (name) => says(`sparklytics.track('${name}', ${said})`),
    pageview: (path) => says(`tracker.page('${path}', ${said})`),
  };
  return ['event', 'pageview'].flatMap((goal_type) =>
    Object.entries(OPERATORS).flatMap(([match_operator, { hit, miss }]) =>
      Object.entries(MODES).map(([value_mode, value]) => {
        const name = `${goal_type} ${match_operator} ${value_mode}`;
        const match_value = `/${name.replaceAll(' ', '-')}`;
        const body = { name, goal_type, match_value, match_operator, value_mode, currency: 'EUR', ...value };
        const meet = meets[goal_type]!;
        return {
          name,
          mode: value_mode,
          trigger: goal_type as TriggerType,
          body,
          miss: meet(miss(match_value))!,
          meet: meet(hit(match_value))!,
        };
      }),
    ),
  );
}
