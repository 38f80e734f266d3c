/** What each product's API lists of the goals that others made: the README's table, from a real server. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Goal } from '../../../../src/core/goal.ts';
import { type Response, startTestServer, type TestServer } from '../running-server.ts';

const README = new URL('../../../../README.md', import.meta.url);
const COLUMNS = ['Plausible', 'PageSense', 'Sparklytics', 'Mida'] as const;
type Column = (typeof COLUMNS)[number];

let server: TestServer;
let key: string;
let site: string;
let zoho: Record<string, string>;
beforeAll(async () => {
  server = await startTestServer();
  const added = await server.addSite('shop.example');
  key = added.key;
  site = added.site.key;
  zoho = { authorization: `Zoho-oauthtoken ${key}` };
});
afterAll(() => server.remove());

/** One kind of goal and how its product's clients make it. */
interface Kind {
  column: Column;
  kind: string;
  make: () => Promise<Response>;
}

const plausible = (kind: string, goal: Record<string, unknown>, goal_type = kind): Kind => ({
  column: 'Plausible',
  kind,
  make: () => server.ask('PUT', '/api/plugins/v1/goals', { key, body: { goal_type: `Goal.${goal_type}`, goal } }),
});
const pagesense = (goal_type: number, words: Record<string, unknown>): Kind => ({
  column: 'PageSense',
  kind: String(goal_type),
  make: () =>
    server.ask('POST', `/pagesense/rest/v1/portal/p/projectgoals/${site}`, {
      headers: zoho,
      body: { projectgoal: { display_name: `PageSense ${goal_type}`, goal_type, ...words } },
    }),
});
const sparklytics = (goal_type: string, match_operator: string, value: Record<string, unknown>): Kind => ({
  column: 'Sparklytics',
  kind: `${goal_type} ${match_operator}${value.value_mode === 'none' ? '' : ' with value'}`,
  make: () => {
    const name = `${goal_type} ${match_operator} ${value.value_mode}`;
    const match_value = goal_type === 'event' ? name.replaceAll(' ', '_') : '/spark';
    const body = { name, goal_type, match_operator, match_value, ...value };
    return server.ask('POST', `/api/websites/${site}/goals`, { key, body });
  },
});
const mida = (goal_type: string, goal_value: string): Kind => ({
  column: 'Mida',
  kind: goal_type,
  make: () =>
    server.ask('POST', `/v2/project/${site}/goal`, {
      key,
      body: { goal_name: `Mida ${goal_type}`, goal_type, goal_value },
    }),
});

const MODES = [
  { value_mode: 'none' },
  { value_mode: 'fixed', fixed_value: 9 },
  { value_mode: 'event_property', value_property_key: 'amount' },
];
const OPERATORS = ['equals', 'contains', 'starts_with', 'ends_with'];
const KINDS: Kind[] = [
  plausible('CustomEvent', { event_name: 'Signup' }),
  plausible('Pageview', { path: '/blog/*' }),
  plausible('Revenue', { event_name: 'Buy', currency: 'EUR' }),
  plausible('with properties', { event_name: 'Trial', custom_props: { plan: 'pro' } }, 'CustomEvent'),
  pagesense(1, { goal_url: 'https://shop.example/a' }),
  pagesense(2, { link_url: 'https://partner.example/' }),
  pagesense(3, { selector: 'form#a' }),
  pagesense(4, { selector: '#a' }),
  pagesense(5, {}),
  pagesense(6, { event_name: 'ps-event' }),
  pagesense(7, { event_name: 'ps-revenue', currency: 'EUR' }),
  pagesense(8, { time_threshold: 30 }),
  pagesense(9, { goal_url: '/virtual' }),
  pagesense(10, { event_name: 'ps-server' }),
  ...['event', 'pageview'].flatMap((type) =>
    OPERATORS.flatMap((operator) => MODES.map((mode) => sparklytics(type, operator, mode))),
  ),
  mida('clickOnElement', '.cta'),
  mida('clickOnText', 'Start'),
  mida('formSubmit', 'form#b'),
  mida('pageview', 'https://shop.example/pricing'),
  mida('pageviewExact', 'https://shop.example/pricing?plan=pro'),
  mida('pageviewWildcard', 'https://shop.example/blog/*'),
  mida('pageviewRegex', '^https://shop\\.example/blog/.+$'),
  mida('script', 'mida_script'),
  mida('externalLink', 'partner.example'),
  mida('elementAppears', '.modal'),
  mida('scrolling', '75'),
  mida('duration', '30'),
  mida('event', 'mida_event'),
  mida('revenue', 'mida_revenue'),
];

/** Numbers of the goals that an API lists; those of one that speaks of ids are looked up. */
const LISTS: Record<Column, (goals: readonly Goal[]) => Promise<number[]>> = {
  async Plausible() {
    const answer = await server.ask('GET', '/api/plugins/v1/goals?limit=100', { key });
    return answer.json<{ goals: { goal: { id: number } }[] }>().goals.map(({ goal }) => goal.id);
  },
  async PageSense() {
    const path = `/pagesense/rest/v1/portal/p/projectgoals/${site}`;
    const answer = await server.ask('GET', path, { headers: zoho });
    return answer.json<{ projectgoals: { goal_id: number }[] }>().projectgoals.map(({ goal_id }) => goal_id);
  },
  async Sparklytics(goals) {
    const answer = await server.ask('GET', `/api/websites/${site}/goals`, { key });
    const ids = new Set(answer.json<{ data: { id: string }[] }>().data.map(({ id }) => id));
    return goals.filter(({ id }) => ids.has(id)).map(({ number }) => number);
  },
  async Mida() {
    const answer = await server.ask('GET', `/v2/project/${site}/goals?limit=500`, { key });
    const { goals } = answer.json<{ goals: { goal_profile_id: number }[] }>();
    return goals.map(({ goal_profile_id }) => goal_profile_id);
  },
};

async function natively(): Promise<Goal[]> {
  return (await server.ask('GET', `/api/sites/${site}/goals?limit=500`, { key })).json<{ goals: Goal[] }>().goals;
}

/** Kinds that the same APIs list share a row; `all` are all of a product. */
function tableOf(listed: ReadonlyMap<Kind, readonly Column[]>): string[] {
  const rows = new Map<string, string[]>();
  for (const [{ column, kind }, columns] of listed) {
    const cells = COLUMNS.map((name) => (columns.includes(name) ? 'yes' : ''));
    const row = `${column}|${cells.join(' | ')}`;
    rows.set(row, [...new Set([...(rows.get(row) ?? []), kind])]);
  }
  return [...rows].map(([row, kinds]) => {
    const [column, cells] = [row.slice(0, row.indexOf('|')), row.slice(row.indexOf('|') + 1)];
    const every = new Set(KINDS.filter((one) => one.column === column).map((one) => one.kind)).size === kinds.length;
    return `| ${column}: ${every ? 'all' : kinds.join(', ')} | ${cells} |`.replace(/ +/g, ' ');
  });
}

describe('goals made through one API', () => {
  test('are all there natively, and listed elsewhere as the README says', async () => {
    const numbers = new Map<number, Kind>();
    for (const kind of KINDS) {
      const made = await kind.make();
      expect([kind.column, kind.kind, made.status < 300]).toEqual([kind.column, kind.kind, true]);
      const newest = (await natively())[0];
      if (newest !== undefined) numbers.set(newest.number, kind);
    }
    expect(numbers.size).toBe(KINDS.length);
    const goals = await natively();
    const listed = new Map<Kind, Column[]>(KINDS.map((kind) => [kind, []]));
    for (const column of COLUMNS) {
      for (const number of await LISTS[column](goals)) {
        const kind = numbers.get(number);
        if (kind !== undefined) listed.get(kind)?.push(column);
      }
    }
    for (const kind of KINDS)
      expect([kind.kind, listed.get(kind)]).toEqual([kind.kind, expect.arrayContaining([kind.column])]);
    const table = tableOf(listed);
    const told = readFileSync(README, 'utf8')
      .split('\n')
      .map((line) => line.replace(/ +/g, ' '));
    const missing = table.filter((line) => !told.includes(line));
    expect(missing).toEqual([]);
    expect(told.filter((line) => COLUMNS.some((name) => line.startsWith(`| ${name}: `)))).toHaveLength(table.length);
  });
});

test("DataFast's analytics tell the goals of others apart", async () => {
  const { site: other, key: own } = await server.addSite('other.example');
  const goals = [
    { goal_type: 'Goal.CustomEvent', goal: { event_name: 'signup' } },
    { goal_type: 'Goal.CustomEvent', goal: { event_name: 'trial', custom_props: { plan: 'pro' } } },
    { goal_type: 'Goal.Pageview', goal: { path: '/thanks' } },
  ];
  await server.ask('PUT', '/api/plugins/v1/goals', { key: own, body: { goals } });
  const prefix = { name: 'Any sign', key: 'any', trigger: { type: 'event', name: 'sign', match: 'starts_with' } };
  await server.ask('POST', `/api/sites/${other.id}/goals`, { key: own, body: prefix });
  const events = [{ name: 'signup' }, { name: 'trial', properties: { plan: 'pro' } }, { name: 'trial' }];
  await server.ask('POST', `/api/sites/${other.id}/events`, { key: own, body: { events } });
  const { data } = (await server.ask('GET', '/api/v1/analytics/goals?fields=name,completions', { key: own })).json<{
    data: { goal: string; completions: number }[];
  }>();
  expect(data.map(({ goal, completions }) => `${goal} ${completions}`).sort()).toEqual([
    'any 1',
    'signup 1',
    'trial:pro 1',
  ]);
});
