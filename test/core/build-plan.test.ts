/** The plan: the least a browser needs of every goal. */
import { describe, expect, it } from 'vitest';
import { buildPlan, groupLookup, planGoal } from '../../src/core/build-plan.ts';
import { compileRule } from '../../src/core/compile-url.ts';
import type { UrlRule } from '../../src/core/goal.ts';
import { TRIGGER_TYPES } from '../../src/core/goal.ts';
import type { PlanGoal } from '../../src/core/plan.ts';
import { makeGoal } from './make-goal.ts';

const rule = (value: string, match: UrlRule['match'] = 'simple'): UrlRule => ({ match, value });
const thanks = rule('/thanks');
const groups = [{ key: 'shop', name: 'Shop', rules: [rule('/a'), rule('/b')] }];
const lookup = groupLookup(groups);
const plan = (members: Record<string, unknown>) => planGoal(makeGoal(members), lookup);
const planned = (trigger: Record<string, unknown>) => plan({ trigger });

const LINK = 'a[*|href],area[href]';
const INTERACTIVE =
  'a[*|href],area[href],button,input,select,textarea,summary,label,[role=button],[role=link],[role=menuitem],[role=option],[role=tab],[role=switch],[role=checkbox],[role=radio],[onclick],[contenteditable]';
const engagement = { t: 8, h: ['$click', '$key', '$submit'], s: INTERACTIVE, w: '*', q: 1 } as const;

describe('planGoal', () => {
  it.each<[string, Record<string, unknown>, Omit<PlanGoal, 'i'> | undefined]>([
    ['a view', { type: 'pageview', url: thanks }, { t: 0, h: ['$pageview'], u: compileRule(thanks) }],
    [
      'a load',
      { type: 'pageview', url: thanks, view: 'load' },
      { t: 0, h: ['$pageview'], u: compileRule(thanks), k: 0 },
    ],
    [
      'a virtual view',
      { type: 'pageview', url: thanks, view: 'virtual' },
      { t: 0, h: ['$pageview'], u: compileRule(thanks), k: 1 },
    ],
    [
      'a view of a group',
      { type: 'pageview', url: rule('shop', 'group') },
      { t: 0, h: ['$pageview'], u: compileRule(rule('shop', 'group'), lookup) },
    ],
    ['a view of a group that is gone', { type: 'pageview', url: rule('gone', 'group') }, undefined],
    ['any link', { type: 'link_click' }, { t: 1, h: ['a', 'area'], s: LINK }],
    [
      'a link',
      { type: 'link_click', href: thanks, selector: 'a', outbound: true },
      { t: 1, h: ['a', 'area'], u: compileRule(thanks), s: LINK, w: 'a', o: 1 },
    ],
    ['a link that need not leave', { type: 'link_click', outbound: false }, { t: 1, h: ['a', 'area'], s: LINK }],
    ['a link to a group that is gone', { type: 'link_click', href: rule('gone', 'group') }, undefined],
    ['an element', { type: 'element_click', selector: '#a' }, { t: 2, s: '#a', h: ['a'] }],
    ['a text', { type: 'text_click', text: 'Buy \u00a0 NOW' }, { t: 3, h: ['$click'], x: ['^Buy NOW$', 'iu'] }],
    [
      'a text with case',
      { type: 'text_click', text: 'Buy  NOW', case_sensitive: true, match: 'contains', within: 'nav' },
      { t: 3, h: ['$click'], x: ['Buy NOW'], s: INTERACTIVE, w: 'nav' },
    ],
    [
      'a text in another normal form',
      { type: 'text_click', text: 'Cafe\u0301' },
      { t: 3, h: ['$click'], x: ['^Café$', 'iu'] },
    ],
    ['a form', { type: 'form_submit', selector: 'form' }, { t: 4, h: ['$submit'], s: 'form' }],
    [
      'a form proved by an element',
      { type: 'form_submit', selector: 'form', confirm: { selector: '.ok' } },
      { t: 4, h: ['$submit'], s: 'form', c: '.ok' },
    ],
    [
      'a form proved by a page',
      { type: 'form_submit', selector: 'form', confirm: { url: thanks } },
      { t: 4, h: ['$submit'], s: 'form', c: compileRule(thanks) },
    ],
    [
      'a form proved by a page of no group',
      { type: 'form_submit', selector: 'form', confirm: { url: rule('gone', 'group') } },
      undefined,
    ],
    ['time on a page', { type: 'time_spent', seconds: 30 }, { t: 5, h: ['$time'], n: 30, q: 1 }],
    ['time in a session', { type: 'time_spent', seconds: 30, span: 'session' }, undefined],
    ['a depth', { type: 'scroll_depth', percent: 75 }, { t: 6, h: ['$scroll'], n: 75, q: 1 }],
    [
      'something seen',
      { type: 'element_visible', selector: '#a' },
      { t: 7, h: ['$visible'], s: '#a', n: 0.49, d: 0, q: 1 },
    ],
    [
      'something that appears',
      { type: 'element_visible', selector: '#a', ratio: 0, delay_ms: 100 },
      { t: 7, h: ['$visible'], s: '#a', n: 0, d: 100, q: 1 },
    ],
    ['engagement', { type: 'engagement' }, { ...engagement }],
    ['an event', { type: 'event', name: 'Buy  it' }, { t: 9, h: ['$event'], x: ['^Buy  it$'] }],
    [
      'an event by its start',
      { type: 'event', name: 'buy', match: 'starts_with', source: 'browser' },
      { t: 9, h: ['$event'], x: ['^buy'] },
    ],
    [
      'an event by its end',
      { type: 'revenue', name: 'buy', match: 'ends_with', currency: 'EUR' },
      { t: 9, h: ['$event'], x: ['buy$'] },
    ],
    ['an event of servers', { type: 'event', name: 'buy', source: 'server' }, undefined],
  ])('plans %s', (_, trigger, expected) => {
    expect(planned(trigger)).toEqual(expected && { i: 'goal_a', ...expected });
  });

  it('plans the pages, without rules that match nothing', () => {
    const trigger = { type: 'engagement' };
    const gone = rule('gone', 'group');
    const goal = plan({ trigger, where: { include: [thanks, gone], exclude: [rule('/x'), gone] } });
    expect(goal).toMatchObject({ wi: compileRule(thanks), we: compileRule(rule('/x')) });
    expect(plan({ trigger, where: { include: [gone] } })).toBeUndefined();
    expect(plan({ trigger, where: { include: [], exclude: [gone] } })).toEqual({ i: 'goal_a', ...engagement });
  });

  it('plans filters, counting and values that are read from the page', () => {
    const goal = (members: Record<string, unknown>) => plan({ trigger: { type: 'link_click' }, ...members });
    expect(goal({ properties: { a: 1 } })).toMatchObject({ p: { a: '1' } });
    expect(goal({ count: 'once_per_page' })).toMatchObject({ q: 1 });
    expect(goal({ count: 'once_per_session' })).not.toHaveProperty('q');
    expect(goal({ value: { mode: 'element', selector: '#a' } })?.v).toEqual([1, '#a']);
    expect(goal({ value: { mode: 'element', selector: '#a', attribute: 'b' } })?.v).toEqual([1, '#a', 'b']);
    expect(goal({ value: { mode: 'data_layer', path: 'a.b' } })?.v).toEqual([2, 'a.b']);
    expect(goal({ value: { mode: 'data_layer', path: 'a.b', currency_path: 'c' } })?.v).toEqual([2, 'a.b', 'c']);
    expect(goal({ value: { mode: 'json_ld', path: 'a', type: 'Product' } })?.v).toEqual([
      3,
      'a',
      'priceCurrency',
      'Product',
    ]);
    expect(goal({ value: { mode: 'fixed', amount: 5 } })).not.toHaveProperty('v');
  });

  it('has a number for every trigger', () => {
    expect(TRIGGER_TYPES).toHaveLength(11);
  });
});

describe('buildPlan', () => {
  it('lists active goals, and nothing private of them', () => {
    const secret = {
      name: 'Secret name',
      key: 'secret_key',
      description: 'Secret text',
      foreign: { mida: { a: 'secret' } },
    };
    const goals = [
      makeGoal({ ...secret, trigger: { type: 'engagement' } }, { id: 'goal_1' }),
      makeGoal({ trigger: { type: 'engagement' }, active: false }, { id: 'goal_2' }),
      makeGoal({ trigger: { type: 'engagement' } }, { id: 'goal_3', deleted_at: 5 }),
      makeGoal({ trigger: { type: 'event', name: 'x', source: 'server' } }, { id: 'goal_4' }),
    ];
    const built = buildPlan({ revision: 17, redact: [] }, goals, groups);
    expect(built).toEqual({ v: 1, r: 17, g: [{ i: 'goal_1', ...engagement }] });
    expect(JSON.stringify(built).toLowerCase()).not.toContain('secret');
  });

  it("carries the site's own parameters to redact", () => {
    expect(buildPlan({ revision: 1, redact: ['voucher'] }, [], [])).toEqual({ v: 1, r: 1, x: ['voucher'], g: [] });
  });
});
