/** What Sparklytics tells of collected events: statistics, attribution, revenue; on a real server. */
import { describe, expect, test } from 'vitest';
import {
  dataOf,
  did,
  domain,
  goal,
  key,
  newSite,
  send,
  server,
  site,
  viewed,
  withServer,
} from './sparklytics-client.ts';

withServer();

/** Filters by their parameters' names. */
const rename = (seen: Record<string, string>) =>
  Object.fromEntries(Object.entries(seen).map(([name, value]) => [`filter_${name}`, value]));

/** Sends the visits of one noon: a view each, and the conversions of the first of them. */
async function visits(noon_ms: number, { sessions, converting, conversions }: Record<string, number>): Promise<void> {
  const a = noon_ms - Date.now();
  const u = `https://${domain}/`;
  const event = (n: string, visitor: number, at: number) => {
    const i = `${n}-${noon_ms}-${visitor}-${at}`;
    return { i, n, a: a + at, u, vi: `${noon_ms}-${visitor}`, ...(n === '$pageview' ? { pv: i } : {}) };
  };
  const numbers = (count = 0) => Array.from({ length: count }, (_, number) => number);
  const events = [
    ...numbers(sessions).map((visitor) => event('$pageview', visitor, 0)),
    ...numbers(conversions).map((at) => event('signup_click', at % (converting ?? 1), 1_000 + at)),
  ];
  for (let from = 0; from < events.length; from += 100) {
    const batch = { v: 1, s: domain, t: Date.now(), r: 0, e: events.slice(from, from + 100) };
    const answer = await send('/e', batch);
    expect(answer.json()).toMatchObject({ accepted: batch.e.length, dropped: [] });
  }
}

describe('statistics', () => {
  test('are those that the document prints, to the digit', async () => {
    await newSite();
    const id = await goal({ name: 'Pro Signup', goal_type: 'event', match_value: 'signup_click' });
    const day_ms = 86_400_000;
    const today_ms = Math.floor(Date.now() / day_ms) * day_ms;
    const noon = (days: number) => today_ms - days * day_ms + day_ms / 2;
    const day = (days: number) => new Date(noon(days)).toISOString().slice(0, 10);
    await visits(noon(1), { sessions: 1_250, converting: 38, conversions: 42 });
    await visits(noon(3), { sessions: 1_115, converting: 32, conversions: 35 });
    const period = `start_date=${day(2)}&end_date=${day(1)}`;
    const answer = await server.ask('GET', `/api/websites/${site}/goals/${id}/stats?${period}`, { key });
    const printed =
      '{"data":{"goal_id":"goal_abc123","conversions":42,"converting_sessions":38,"total_sessions":1250,"conversion_rate":0.0304,"prev_conversions":35,"prev_conversion_rate":0.0287,"trend_pct":5.92}}';
    expect([answer.status, answer.text.replace(id, 'goal_abc123')]).toEqual([200, printed]);
    const all = `/api/websites/${site}/goals/${id}/stats`;
    const ago = (await server.ask('GET', `${all}?end_date=${day(1)}`, { key })).json<{
      data: { conversions: number };
    }>();
    expect(ago.data.conversions).toBe(77);
  });

  test('count what was collected before the goal was made, what a change of it matches, and say until when not', async () => {
    await newSite();
    await send('/api/collect', [did('signup'), did('login'), viewed()]);
    await server.app.backend.collector.fresh();
    const id = await goal({ name: 'Late', goal_type: 'event', match_value: 'signup' });
    const ask = () => server.ask('GET', `/api/websites/${site}/goals/${id}/stats`, { key });
    const counted = async () => {
      // Without the header the first answer would be taken, and that one lacks the past.
      await expect.poll(async () => (await ask()).headers.has('x-goalpost-past')).toBe(false);
      return (await ask()).json<{ data: { conversions: number } }>().data.conversions;
    };
    expect(await counted()).toBe(1);
    const change = { match_value: 'i', match_operator: 'contains' };
    await server.ask('PUT', `/api/websites/${site}/goals/${id}`, { key, body: change });
    expect(await counted()).toBe(2);
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

  test('are filtered by each of the thirteen dimensions', async () => {
    await newSite();
    const id = await goal({ name: 'Signup', goal_type: 'event', match_value: 'signup' });
    const campaign = { utm_source: 'letter', utm_medium: 'mail', utm_campaign: 'May' };
    const url = `https://${domain}/pricing`;
    const visit = { url, referrer: 'https://news.example/a', visitor_id: 'v', language: 'en-US', ...campaign };
    await send('/api/collect', [viewed(visit), did('signup', visit)]);
    const seen: Record<string, string> = {
      page: '/pricing',
      referrer: 'news.example',
      browser: 'Chrome',
      os: 'Windows',
      device: 'desktop',
      language: 'en-US',
      hostname: domain,
      ...campaign,
    };
    const conversions = async (query: string) =>
      (await dataOf<{ conversions: number }>(`goals/${id}/stats?${query}`)).conversions;
    for (const [name, value] of Object.entries(seen)) {
      expect([name, await conversions(`filter_${name}=${encodeURIComponent(value)}`)]).toEqual([name, 1]);
      expect([name, await conversions(`filter_${name}=none`)]).toEqual([name, 0]);
    }
    // Where this address is, nobody knows.
    for (const name of ['country', 'region', 'city']) expect(await conversions(`filter_${name}=US`)).toBe(0);
    expect(await conversions(new URLSearchParams({ ...rename(seen), include_bots: 'true' }).toString())).toBe(1);
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
