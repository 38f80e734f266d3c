/** What Sparklytics tells of collected events: statistics, attribution, revenue; on a real server. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../running-server.ts';
import { CHROME } from './clients.ts';

let server: TestServer;
let key: string;
let site: string;
let domain: string;
let sites = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

async function newSite(): Promise<void> {
  sites += 1;
  domain = `collect${sites}.example`;
  const added = await server.addSite(domain);
  key = added.key;
  site = added.site.id;
}

const headers = { 'user-agent': CHROME, 'content-type': 'text/plain' };
const send = (path: string, body: unknown) => server.ask('POST', path, { headers, text: JSON.stringify(body) });
const viewed = (more: Record<string, unknown> = {}) => ({ website_id: site, type: 'pageview', url: '/', ...more });
const did = (event_name: string, more: Record<string, unknown> = {}) => viewed({ type: 'event', event_name, ...more });

async function goal(body: Record<string, unknown>): Promise<string> {
  const answer = await server.ask('POST', `/api/websites/${site}/goals`, { key, body });
  return answer.json<{ data: { id: string } }>().data.id;
}

async function dataOf<T>(path: string): Promise<T> {
  return (await server.ask('GET', `/api/websites/${site}/${path}`, { key })).json<{ data: T }>().data;
}

describe('statistics', () => {
  test('count what was collected before the goal was made, and what a change of it matches', async () => {
    await newSite();
    await send('/api/collect', [did('signup'), did('login'), viewed()]);
    await server.app.backend.collector.fresh();
    const id = await goal({ name: 'Late', goal_type: 'event', match_value: 'signup' });
    const conversions = async () => (await dataOf<{ conversions: number }>(`goals/${id}/stats`)).conversions;
    await vi.waitFor(async () => expect(await conversions()).toBe(1), { timeout: 10_000 });
    const change = { match_value: 'i', match_operator: 'contains' };
    await server.ask('PUT', `/api/websites/${site}/goals/${id}`, { key, body: change });
    await vi.waitFor(async () => expect(await conversions()).toBe(2), { timeout: 10_000 });
  });

  test('are eight members over the days and filters asked for', async () => {
    await newSite();
    const id = await goal({ name: 'Signup', goal_type: 'event', match_value: 'signup_click' });
    const answer = await server.ask(
      'GET',
      `/api/websites/${site}/goals/${id}/stats?timezone=Asia/Tokyo&filter_country=US`,
      { key },
    );
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      data: {
        goal_id: id,
        conversions: 0,
        converting_sessions: 0,
        total_sessions: 0,
        conversion_rate: 0,
        prev_conversions: null,
        prev_conversion_rate: null,
        trend_pct: null,
      },
    });
  });

  test.each([
    ['start_date=2026-13-01', 'start_date'],
    ['start_date=2026-03-07&end_date=2026-03-01', 'end_date'],
    ['timezone=Mars/Base', 'timezone'],
    ['filter_mood=good', 'filter_mood'],
    ['include_bots=perhaps', 'include_bots'],
  ])('refuse %s', async (query, field) => {
    await newSite();
    const id = await goal({ name: 'Signup', goal_type: 'event', match_value: 'signup_click' });
    const answer = await server.ask('GET', `/api/websites/${site}/goals/${id}/stats?${query}`, { key });
    const error = { code: 'validation_error', message: expect.any(String), field };
    expect([answer.status, answer.json()]).toEqual([400, { error }]);
  });
});

describe('attribution', () => {
  test('shares conversions and revenue among channels', async () => {
    await newSite();
    const id = await goal({
      name: 'Buy',
      goal_type: 'event',
      match_value: 'buy',
      value_mode: 'event_property',
      value_property_key: 'amount',
      currency: 'EUR',
    });
    await send('/api/collect', [
      viewed({ visitor_id: 'a', utm_source: 'letter' }),
      did('buy', { visitor_id: 'a', event_data: { amount: 10.1 } }),
      viewed({ visitor_id: 'b', utm_source: 'letter' }),
      did('buy', { visitor_id: 'b', event_data: { amount: 10.2 } }),
      viewed({ visitor_id: 'c' }),
      did('buy', { visitor_id: 'c', event_data: { amount: 1 } }),
    ]);
    expect(await dataOf(`attribution?goal_id=${id}`)).toEqual({
      goal_id: id,
      model: 'last_touch',
      rows: [
        { channel: 'letter', conversions: 2, revenue: 20.3, share: 0.6667 },
        { channel: 'direct', conversions: 1, revenue: 1, share: 0.3333 },
      ],
      totals: { conversions: 3, revenue: 21.3 },
    });
    expect(await dataOf(`revenue/summary?goal_id=${id}&model=first_touch`)).toEqual({
      goal_id: id,
      model: 'first_touch',
      conversions: 3,
      revenue: 21.3,
    });
  });

  test.each([
    ['', 400, 'goal_id'],
    ['?goal_id=goal_unknown', 404, null],
    ['?goal_id=GOAL&model=magic', 400, 'model'],
    ['?goal_id=GOAL&start_date=soon', 400, 'start_date'],
  ])('refuses %s', async (query, status, field) => {
    await newSite();
    const id = await goal({ name: 'Buy', goal_type: 'event', match_value: 'buy' });
    for (const route of ['attribution', 'revenue/summary']) {
      const asked = `/api/websites/${site}/${route}${query.replace('GOAL', id)}`;
      const answer = await server.ask('GET', asked, { key });
      expect(answer.status).toBe(status);
      expect(answer.json<{ error: { field: unknown } }>().error.field).toBe(field);
    }
  });
});
