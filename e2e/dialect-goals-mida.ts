/** Mida's fourteen kinds of goals, with what a visitor does that meets each and what does not. */
import type { TriggerType } from '../src/core/goal.ts';
import type { GoalCase } from './dialect-goals.ts';
import type { DialectSite, Visit } from './dialect-site.ts';

type Does = GoalCase['meet'];

const appear = (id: string) => (visit: Visit) =>
  visit.page.evaluate((name) => {
    const element = document.createElement('p');
    element.id = name;
    document.body.prepend(element);
  }, id);

const at =
  (path: string, does: (visit: Visit) => Promise<unknown>) =>
  async (visit: Visit): Promise<void> => {
    await visit.route(path);
    await does(visit);
  };

const click = (selector: string) => (visit: Visit) => visit.page.click(selector);

/** All but `duration`, which any page that stays open meets. */
export function midaGoals({ origin }: DialectSite): GoalCase[] {
  const on = (path: string) => ({ element_url: origin + path });
  const kinds: [type: string, value: string, trigger: TriggerType, meet: Does, miss: Does, more?: object][] = [
    ['pageview', `${origin}/part`, 'pageview', (visit) => visit.load('/partial'), (visit) => visit.route('/par')],
    [
      'pageviewExact',
      `${origin}/exact?plan=pro`,
      'pageview',
      (v) => v.load('/exact?plan=pro'),
      (v) => v.route('/exact'),
    ],
    ['pageviewWildcard', `${origin}/wild/*`, 'pageview', (v) => v.load('/wild/a/b'), (v) => v.route('/wild')],
    [
      'pageviewRegex',
      '^http://localhost:\\d+/regex/.+$',
      'pageview',
      (visit) => visit.route('/regex/1'),
      (visit) => visit.route('/regex/'),
    ],
    ['clickOnElement', '[data-testid="buy"]', 'element_click', at('/a', click('.cta b')), click('.cta'), on('/a')],
    ['clickOnText', 'Start Free Trial', 'text_click', at('/b', click('#text i')), click('#text'), on('/b')],
    ['formSubmit', 'form#signup', 'form_submit', at('/c', click('#signup button')), click('#signup button'), on('/c')],
    [
      'script',
      'signup_completed',
      'event',
      (v) => v.say("mida.track('signup_completed')"),
      (v) => v.say("mida.track('signup')"),
    ],
    [
      'event',
      'upgraded',
      'event',
      (v) => v.say("mdq.push(['track', 'upgraded'])"),
      (v) => v.say("mdq.push(['track', 'up'])"),
    ],
    ['revenue', 'revenue', 'revenue', (v) => v.say("mida.revenue(19.9, 'EUR')"), (v) => v.say("mida.track('money')")],
    ['elementAppears', '#modal', 'element_visible', appear('modal'), appear('other')],
    [
      'scrolling',
      '90',
      'scroll_depth',
      async (visit) => {
        await visit.load('/long');
        await visit.page.locator('#end').scrollIntoViewIfNeeded();
      },
      (visit) => visit.page.locator('#signup').scrollIntoViewIfNeeded(),
    ],
    [
      'externalLink',
      '127.0.0.1',
      'link_click',
      async (visit) => {
        await visit.page.click('#partner');
        await visit.page.waitForURL('**/partner');
      },
      async (visit) => {
        await visit.page.click('#next');
        await visit.page.waitForURL('**/next');
      },
    ],
  ];
  return kinds.map(([goal_type, goal_value, trigger, meet, miss, more = {}]) => ({
    name: `Mida ${goal_type}`,
    trigger,
    body: { goal_name: `Mida ${goal_type}`, goal_type, goal_value, ...more },
    ...(meet ? { meet } : {}),
    ...(miss ? { miss } : {}),
  }));
}

/** Made once all else is counted: then one page that stays open meets it once. */
export const midaDuration: GoalCase = {
  name: 'Mida duration',
  trigger: 'time_spent',
  body: { goal_name: 'Mida duration', goal_type: 'duration', goal_value: '1' },
  meet: (visit) => visit.load('/stay'),
};
