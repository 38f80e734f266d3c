/** Lists of goals go out and come in, from here and from the five products. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { startTestServer, type TestServer } from './running-server.ts';

let server: TestServer;
let counter = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

interface Imported {
  format: string;
  created: Goal[];
  existing: Goal[];
}

async function freshSite() {
  counter += 1;
  const { site, key } = await server.addSite(`shop-${counter}.example`);
  const path = `/api/sites/${site.id}`;
  const bring = (body: unknown) => server.ask('POST', `${path}/import`, { key, body });
  return { path, key, bring };
}

describe('an export', () => {
  test('makes the same goals and groups elsewhere', async () => {
    const from = await freshSite();
    const rules = [{ match: 'path', value: '/shop/**' }];
    await server.ask('POST', `${from.path}/url-groups`, { key: from.key, body: { key: 'shop', name: 'Shop', rules } });
    const where = { include: [{ match: 'group', value: 'shop' }] };
    const goals = [
      { name: 'One', trigger: { type: 'text_click', text: 'Buy' }, where, count: 'once_per_session' },
      { name: 'Two', trigger: { type: 'revenue', name: 'buy', currency: 'EUR' }, foreign: { mida: { status: 1 } } },
    ];
    await server.ask('POST', `${from.path}/goals/many`, { key: from.key, body: { goals } });
    const list = await server.ask('GET', `${from.path}/export`, { key: from.key });
    const to = await freshSite();
    const made = (await to.bring(list.json())).json<Imported>();
    expect(made).toMatchObject({ format: 'goalpost', created: [{ name: 'One' }, { name: 'Two' }], existing: [] });
    const again = await server.ask('GET', `${to.path}/export`, { key: to.key });
    const plain = ({ site: _, ...rest }: Record<string, unknown>) => rest;
    expect(plain(again.json())).toEqual(plain(list.json()));
  });
});

describe("another product's list", () => {
  test.each<[string, object, object[]]>([
    [
      'plausible',
      {
        goals: [
          {
            goal_type: 'Goal.CustomEvent',
            goal: { id: 1, display_name: 'Signup', event_name: 'Signup', custom_props: { plan: 'pro' } },
          },
          {
            goal_type: 'Goal.CustomEvent',
            goal: { id: 2, display_name: 'Signup', event_name: 'Signup', custom_props: {} },
          },
          { goal_type: 'Goal.Pageview', goal: { id: 3, display_name: 'Visit /x', path: '/x', custom_props: {} } },
        ],
        meta: {},
      },
      [
        { trigger: { type: 'event', name: 'Signup' }, properties: { plan: 'pro' } },
        { trigger: { type: 'event', name: 'Signup' }, properties: {} },
        { trigger: { type: 'pageview', url: { match: 'path', value: '/x' } } },
      ],
    ],
    [
      'plausible',
      {
        goals: [
          { id: 1, goal_type: 'page', display_name: 'Visit /y', event_name: null, page_path: '/y', custom_props: {} },
        ],
      },
      [{ trigger: { type: 'pageview', url: { value: '/y' } } }],
    ],
    [
      'pagesense',
      { status_code: '10000', projectgoals: [{ display_name: 'Read', goal_type: 8, time_threshold: 30, goal_id: 1 }] },
      [{ name: 'Read', trigger: { type: 'time_spent', seconds: 30 } }],
    ],
    [
      'sparklytics',
      {
        data: [
          {
            id: 'goal_abc',
            website_id: 'site_x',
            name: 'Pro',
            goal_type: 'event',
            match_value: 'pro',
            match_operator: 'equals',
            value_mode: 'fixed',
            fixed_value: 99,
            value_property_key: null,
            currency: 'EUR',
          },
        ],
      },
      [{ name: 'Pro', value: { mode: 'fixed', amount: '99.00' } }],
    ],
    [
      'datafast',
      { status: 'success', data: [{ goal: 'newsletter', completions: 4, visitors: 3 }] },
      [{ trigger: { name: 'newsletter' } }],
    ],
    [
      'mida',
      {
        success: true,
        goals: [
          {
            goal_profile_id: 1,
            goal_key: 'cta',
            goal_name: 'CTA',
            goal_type: 'clickOnElement',
            goal_value: '#cta',
            goal_purpose: 'sell',
            element_url: null,
          },
        ],
      },
      [{ key: 'cta', trigger: { type: 'element_click', selector: '#cta' } }],
    ],
  ])('%s is read, and read again changes nothing', async (format, list, goals) => {
    const { bring } = await freshSite();
    const first = await bring(list);
    expect([first.status, first.json()]).toMatchObject([200, { format, created: goals, existing: [] }]);
    expect((await bring(list)).json()).toMatchObject({ format, created: [], existing: goals });
  });

  test.each<[string, number, string | undefined, unknown]>([
    ['of no known form', 400, undefined, { things: [] }],
    ['that is no object', 400, undefined, [1]],
    ['with goals that are no objects', 400, undefined, { goals: [1] }],
    [
      'with a goal that cannot be',
      422,
      'goals.1.trigger.percent',
      {
        goals: [
          { name: 'a', trigger: { type: 'engagement' } },
          { name: 'b', trigger: { type: 'scroll_depth', percent: 0 } },
        ],
      },
    ],
    ['with a wrong goal of a product', 422, 'projectgoals.0', { projectgoals: [{ display_name: 'x', goal_type: 99 }] }],
  ])('%s is refused whole', async (_, status, field, list) => {
    const { bring, path, key } = await freshSite();
    const answer = await bring(list);
    const { error } = answer.json<{ error: { field?: string } }>();
    expect([answer.status, error.field?.startsWith(field ?? '') ?? field === undefined]).toEqual([status, true]);
    expect((await server.ask('GET', `${path}/goals`, { key })).json()).toMatchObject({ goals: [] });
  });
});
