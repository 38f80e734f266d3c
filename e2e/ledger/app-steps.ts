/** What visitors do in the single-page application. Each step begins on any of its routes and ends on one. */
import type { Dice } from './dice.ts';
import type { Visitor } from './visitor.ts';

/** A step. */
type Step = (visitor: Visitor, context: { roll: Dice }) => Promise<void>;

const ROUTES = ['/app', '/app/plans', '/app/plans/pro', '/app/about'];

/** Another route than the one that is shown. */
const route: Step = async (visitor, { roll }) => {
  const now = new URL(visitor.page.url()).pathname;
  const others = ROUTES.filter((path) => path !== now);
  const path = others[roll(others.length)]!;
  await visitor.routed(() => visitor.page.evaluate((to) => window.route(to), path));
};

/** A router that pushes one route and replaces it at once: one view. */
const redirect: Step = async (visitor) => {
  await visitor.routed(() =>
    visitor.page.evaluate(() => {
      window.route(`/app/old/${Math.random()}`);
      history.replaceState(null, '', `/app/plans/${Math.random()}`);
    }),
  );
};

/** Money to the cent, in dollars. */
const trial: Step = async (visitor, { roll }) => {
  const plan = roll(2) ? 'pro' : 'free';
  const cents = 1 + roll(10_000);
  const amount = (cents / 100).toFixed(2);
  await visitor.page.evaluate(
    ([paid, chosen]) => window.tracker.track('trial_started', paid, { currency: 'USD', plan: chosen }),
    [amount, plan] as const,
  );
  visitor.ledger.count('trial', { cents, currency: 'USD' });
  if (plan === 'pro') visitor.ledger.count('trial_pro');
};

/** A click that the page keeps to itself, on a text that changes as it is clicked. */
const talk: Step = async (visitor) => {
  const span = visitor.page.locator('#talk span');
  if ((await span.count()) === 0) await visitor.reload();
  await span.click();
  visitor.ledger.count('talk');
  visitor.ledger.countOnce('engaged');
};

const contact: Step = async (visitor) => {
  await visitor.page.locator('#contact input').fill('Hello');
  await visitor.page.locator('#contact button').click();
  visitor.ledger.count('contact');
  visitor.ledger.countOnce('engaged');
};

/** Twice in one view is once. */
const glance: Step = async (visitor, context) => {
  await route(visitor, context);
  for (let times = 1 + context.roll(3); times > 0; times -= 1) {
    await visitor.page.evaluate(() => window.tracker.track('glance'));
  }
  visitor.ledger.count('glance');
};

const welcome: Step = async (visitor) => {
  await visitor.page.evaluate(() => window.tracker.track('welcome'));
  visitor.ledger.countOnce('welcome');
};

/** Stays until the clock and the element in view have been met. */
const read: Step = async (visitor) => {
  await visitor.metAgain(['read', 'deep'], () =>
    visitor.routed(() => visitor.page.evaluate(() => window.route('/app/read'))),
  );
  visitor.ledger.count('read');
  visitor.ledger.count('deep');
  await visitor.routed(() => visitor.page.evaluate(() => window.route('/app')));
};

/** Goes on without a network; what happened is delivered when it is back, or by the next page. */
const offline: Step = async (visitor, context) => {
  await visitor.offline(async () => {
    await route(visitor, context);
    await trial(visitor, context);
    await contact(visitor, context);
    await glance(visitor, context);
  });
  if (context.roll(2)) await visitor.reload();
};

const reload: Step = (visitor) => visitor.reload();

const crash: Step = async (visitor, context) => {
  await trial(visitor, context);
  await visitor.crash();
  await visitor.go(`${visitor.at.app}/app`);
};

/** A route, and back to the one before. */
const back: Step = async (visitor, context) => {
  await route(visitor, context);
  await visitor.routed(() => visitor.page.goBack({ waitUntil: 'commit' }));
};

/** Steps by their names. */
export const APP_STEPS: Readonly<Record<string, Step>> = {
  route,
  redirect,
  trial,
  talk,
  contact,
  glance,
  welcome,
  read,
  offline,
  reload,
  crash,
  back,
};
