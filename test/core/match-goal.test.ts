/** Whether an event meets a goal, and how that is explained. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GoalpostEvent } from '../../src/core/event.ts';
import { explainGoal } from '../../src/core/explain-goal.ts';
import type { Goal } from '../../src/core/goal.ts';
import { compileGoal, decideGoal, type PageContext } from '../../src/core/match-goal.ts';
import { normalizeUrl, urlSubjects } from '../../src/core/page-url.ts';
import { makeEvent, makeGoal } from './make-goal.ts';

const groups = (key: string) =>
  key === 'shop' ? { key, name: 'Shop', rules: [{ match: 'path' as const, value: '/cart|/shop/**' }] } : undefined;

function pageOf(event: GoalpostEvent): PageContext {
  const url = event.url === undefined ? undefined : normalizeUrl(event.url);
  return { subjects: url && urlSubjects(url) };
}

/** What `decideGoal` says; the explanation must agree with it. */
function decide(goal: Goal, members: Partial<GoalpostEvent> = {}) {
  const event = makeEvent(members);
  if (members.url === undefined && 'url' in members) delete event.url;
  const compiled = compileGoal(goal, groups);
  const decision = decideGoal(compiled, event, pageOf(event));
  const steps = explainGoal(compiled, event, { ...pageOf(event), siteCurrency: 'USD' });
  expect(steps.every((step) => step.ok)).toBe(decision.met);
  for (const step of steps) expect(step.text).toMatch(/\.$/);
  return decision;
}

const met = (goal: Goal, members?: Partial<GoalpostEvent>) => decide(goal, members).met;
const view = { name: '$pageview', view_kind: 'load' as const };
const trigger = (members: Record<string, unknown>) => makeGoal({ trigger: members });

describe('a pageview goal', () => {
  const goal = trigger({ type: 'pageview', url: { match: 'simple', value: '/cart' } });

  it('is met by a view of its URL', () => {
    expect(met(goal, view)).toBe(true);
    expect(met(goal, { ...view, url: 'http://www.shop.example/cart/#x' })).toBe(true);
  });

  it('is not met by other views, other events, or without a URL', () => {
    expect(met(goal, { ...view, url: 'https://shop.example/other' })).toBe(false);
    expect(met(goal)).toBe(false);
    expect(met(goal, { name: '$click' })).toBe(false);
    expect(decide(goal, { ...view, url: undefined } as unknown as Partial<GoalpostEvent>).met).toBe(false);
  });

  it('is decided here, whatever the browser says', () => {
    expect(met(goal, { ...view, url: 'https://shop.example/x', goals: [{ goal_id: 'goal_a' }] })).toBe(false);
    const found = { goal_id: 'goal_a', raw_amount: '5' };
    expect(decide(goal, { ...view, goals: [{ goal_id: 'goal_b' }, found] })).toEqual({ met: true, found });
  });

  it.each([
    ['any', true, true],
    ['load', true, false],
    ['virtual', false, true],
  ])('with view %s counts loads: %s, virtual views: %s', (kind, load, virtual) => {
    const counted = trigger({ type: 'pageview', url: { match: 'simple', value: '/cart' }, view: kind });
    expect(met(counted, view)).toBe(load);
    expect(met(counted, { ...view, view_kind: 'virtual' })).toBe(virtual);
    expect(met(counted, { name: '$pageview' })).toBe(load);
  });

  it('finds its URL group, and is not met when the group is gone', () => {
    expect(met(trigger({ type: 'pageview', url: { match: 'group', value: 'shop' } }), view)).toBe(true);
    expect(met(trigger({ type: 'pageview', url: { match: 'group', value: 'gone' } }), view)).toBe(false);
  });

  it('uses the engine it is given for regular expressions', () => {
    const goal = trigger({ type: 'pageview', url: { match: 'regex', value: 'ca.t' } });
    const event = makeEvent(view);
    const never = { ...pageOf(event), regex: () => ({ test: () => false }) };
    expect(decideGoal(compileGoal(goal, groups), event, pageOf(event)).met).toBe(true);
    expect(decideGoal(compileGoal(goal, groups), event, never).met).toBe(false);
  });
});

describe.each(['event', 'revenue'])('an %s goal', (type) => {
  it.each([
    ['equals', 'buy', true],
    ['equals', 'buy now', false],
    ['equals', 'Buy', false],
    ['starts_with', 'buy now', true],
    ['starts_with', 'rebuy', false],
    ['ends_with', 'rebuy', true],
    ['ends_with', 'buyer', false],
    ['contains', 'rebuyer', true],
    ['contains', 'sell', false],
  ])('that %s "buy" compares "%s": %s', (match, name, expected) => {
    expect(met(trigger({ type, name: 'buy', match }), { name })).toBe(expected);
  });

  it.each([
    ['any', true, true],
    ['browser', true, false],
    ['server', false, true],
  ])('from %s counts browsers: %s, servers: %s', (source, fromBrowser, fromServer) => {
    const goal = trigger({ type, name: 'buy', source });
    expect(met(goal)).toBe(fromBrowser);
    expect(met(goal, { source: 'server' })).toBe(fromServer);
  });

  it("is never met by the tracker's own events", () => {
    expect(met(trigger({ type, name: 'page', match: 'contains' }), view)).toBe(false);
  });
});

describe.each([
  { type: 'link_click' },
  { type: 'element_click', selector: 'a' },
  { type: 'text_click', text: 'x' },
  { type: 'form_submit', selector: 'form' },
  { type: 'time_spent', seconds: 5 },
  { type: 'scroll_depth', percent: 50 },
  { type: 'element_visible', selector: 'a' },
  { type: 'engagement' },
])('a goal that only browsers see ($type)', (members) => {
  const found = { goal_id: 'goal_a', raw_amount: '5' };

  it('is met when the browser says so, on a page it listens on', () => {
    const where = { include: [{ match: 'path', value: '/cart' }] };
    expect(met(trigger(members), { name: '$click' })).toBe(false);
    expect(decide(trigger(members), { name: '$click', goals: [found] })).toEqual({ met: true, found });
    expect(met(makeGoal({ trigger: members, where }), { name: '$click', goals: [found] })).toBe(true);
    const elsewhere = { name: '$click', goals: [found], url: 'https://shop.example/' };
    expect(met(makeGoal({ trigger: members, where }), elsewhere)).toBe(false);
  });
});

it('time over a whole session is never met by one event', () => {
  const goal = trigger({ type: 'time_spent', seconds: 5, span: 'session' });
  expect(met(goal, { name: '$time', goals: [{ goal_id: 'goal_a' }] })).toBe(false);
});

describe('the pages a goal listens on', () => {
  const on = (where: unknown, url?: string) =>
    met(makeGoal({ trigger: { type: 'event', name: 'buy' }, where }), { url } as Partial<GoalpostEvent>);
  const cart = { match: 'path', value: '/cart' };
  const all = { match: 'domain', value: 'shop.example' };

  it('are all that are included and not excluded', () => {
    const url = 'https://shop.example/cart';
    expect(on({}, url)).toBe(true);
    expect(on({ include: [] }, url)).toBe(true);
    expect(on({ include: [cart] }, url)).toBe(true);
    expect(on({ include: [{ match: 'path', value: '/x' }, cart] }, url)).toBe(true);
    expect(on({ include: [{ match: 'path', value: '/x' }] }, url)).toBe(false);
    expect(on({ exclude: [cart] }, url)).toBe(false);
    expect(on({ include: [all], exclude: [cart] }, url)).toBe(false);
    expect(on({ include: [all], exclude: [cart] }, 'https://shop.example/')).toBe(true);
    expect(on({ include: [{ match: 'group', value: 'gone' }] }, url)).toBe(false);
    expect(on({ exclude: [{ match: 'group', value: 'gone' }] }, url)).toBe(true);
  });

  it('do not matter to an event without a URL, unless some are asked for', () => {
    expect(on({})).toBe(true);
    expect(on({ exclude: [cart] })).toBe(true);
    expect(on({ include: [all] })).toBe(false);
  });
});

describe('property filters', () => {
  const goal = makeGoal({ trigger: { type: 'event', name: 'buy' }, properties: { plan: 'pro', seats: '5' } });

  it("must all equal the property's text", () => {
    expect(met(goal, { properties: { plan: 'pro', seats: 5, more: true } })).toBe(true);
    expect(met(goal, { properties: { plan: 'pro', seats: '5' } })).toBe(true);
    expect(met(goal, { properties: { plan: 'pro', seats: '5.0' } })).toBe(false);
    expect(met(goal, { properties: { plan: 'pro' } })).toBe(false);
    expect(met(goal, { properties: { plan: 'Pro', seats: 5 } })).toBe(false);
  });

  it("see only an event's own properties", () => {
    const inherited = makeGoal({
      trigger: { type: 'event', name: 'buy' },
      properties: { constructor: String(Object) },
    });
    expect(met(inherited)).toBe(false);
  });

  it('hold for views as well', () => {
    const url = { match: 'simple', value: '/cart' };
    const filtered = makeGoal({ trigger: { type: 'pageview', url }, properties: { ab: 'true' } });
    expect(met(filtered, { ...view, properties: { ab: true } })).toBe(true);
    expect(met(filtered, view)).toBe(false);
  });
});

it('a goal that is switched off or deleted is unknown', () => {
  const definition = { trigger: { type: 'event', name: 'buy' } };
  for (const goal of [makeGoal({ ...definition, active: false }), makeGoal(definition, { deleted_at: 5 })]) {
    expect(decide(goal)).toMatchObject({ met: false, reason: 'unknown_goal' });
  }
});

it('decision and explanation agree, whatever goal and event', () => {
  const goals = fc.constantFrom(
    trigger({ type: 'event', name: 'b', match: 'contains' }),
    makeGoal({ trigger: { type: 'event', name: 'buy', source: 'server' }, properties: { a: '1' } }),
    makeGoal({ trigger: { type: 'engagement' }, where: { exclude: [{ match: 'path', value: '/a' }] } }),
    trigger({ type: 'pageview', url: { match: 'contains', value: '/a' }, view: 'virtual' }),
  );
  const event = fc.record({
    name: fc.constantFrom('buy', 'b', 'x', '$pageview', '$click'),
    source: fc.constantFrom('browser' as const, 'server' as const),
    url: fc.constantFrom('https://shop.example/a', 'https://shop.example/b', undefined),
    view_kind: fc.constantFrom('load' as const, 'virtual' as const),
    properties: fc.constantFrom({ a: 1 }, { a: '2' }, {} as Record<string, string>),
    goals: fc.constantFrom([{ goal_id: 'goal_a' }], []),
  });
  fc.assert(
    fc.property(goals, event, (goal, members) => void decide(goal, members as unknown as Partial<GoalpostEvent>)),
  );
});

it('the explanation says what was compared and what it would count', () => {
  const goal = makeGoal({
    trigger: { type: 'revenue', name: 'buy' },
    where: { include: [{ match: 'path', value: '/x' }], exclude: [{ match: 'simple', value: '/y', on: 'path' }] },
    properties: { plan: 'pro' },
  });
  const event = makeEvent({ amount_micros: 5_000_000n });
  const steps = explainGoal(compileGoal(goal, groups), event, { ...pageOf(event), siteCurrency: 'EUR' });
  expect(steps.map(({ step, ok }) => [step, ok])).toEqual([
    ['active', true],
    ['event', true],
    ['name', true],
    ['source', true],
    ['where', false],
    ['properties', false],
    ['value', true],
  ]);
  const text = steps.map((step) => step.text).join(' ');
  expect(text).toContain('on path "/x", not on simple "/y" (path)');
  expect(text).toContain('"plan" must be "pro" and is missing');
  expect(text).toContain('5.00 EUR');
});
