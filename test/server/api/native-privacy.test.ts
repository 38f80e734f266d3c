/** A visitor's or an order's data: shown, and removed for good, however its id is written. */
import { expect, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { serverOfTest } from './running-server.ts';

test('a visitor and an order are shown and removed by the ids that events gave them', async () => {
  const server = await serverOfTest();
  const { site, key } = await server.addSite('shop.example', ['admin', 'goals:write', 'events:write', 'stats:read']);
  const ask = async <T>(path: string, body: object) => {
    const answer = await server.ask('POST', `/api/sites/${site.id}${path}`, { key, body });
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer.json<T>();
  };
  const goal = await ask<Goal>('/goals', { name: 'Buy', trigger: { type: 'revenue', name: 'buy' } });
  const events = [
    { name: 'buy', amount: 10, visitor_id: ' ann ', order_id: 42, url: 'https://shop.example/thanks' },
    { name: 'look', visitor_id: 'ann' },
    { name: 'buy', amount: 20, visitor_id: 7, order_id: ' B-1 ' },
  ];
  await ask('/events', { events });
  interface Data {
    events: { name: string; order_id: string | null }[];
    conversions: unknown[];
  }
  const ann = await ask<Data>('/visitor-data', { visitor_id: 'ann ' });
  expect(ann.events.map(({ name, order_id }) => [name, order_id]).sort()).toEqual([
    ['buy', '42'],
    ['look', null],
  ]);
  expect(ann.conversions).toHaveLength(1);
  expect((await ask<Data>('/visitor-data', { visitor_id: 7 })).events).toHaveLength(1);
  expect((await ask<Data>('/visitor-data', { order_id: 'B-1' })).events).toHaveLength(1);
  expect(await ask('/erase', { order_id: ' B-1' })).toMatchObject({ events: 1, conversions: 1 });
  expect(await ask('/erase', { order_id: 'B-1' })).toEqual({ events: 0, conversions: 0, sessions: 0 });
  expect(await ask('/erase', { visitor_id: ' ann' })).toMatchObject({ events: 2, conversions: 1 });
  const stats = await server.ask('GET', `/api/sites/${site.id}/goals/${goal.id}/stats?fresh=true`, { key });
  expect(stats.json()).toMatchObject({ conversions: 0, revenue: [] });
});

test('a subject is named once, and not by nothing', async () => {
  const server = await serverOfTest();
  const { site, key } = await server.addSite('shop.example', ['admin']);
  const wrong: [object, string][] = [
    [{}, 'visitor_id'],
    [{ visitor_id: 'a', order_id: 'b' }, 'visitor_id'],
    [{ visitor_id: '  ' }, 'visitor_id'],
    [{ order_id: ' ' }, 'order_id'],
    [{ order_id: 'x'.repeat(129) }, 'order_id'],
    [{ order_id: true }, 'order_id'],
  ];
  for (const path of ['/erase', '/visitor-data']) {
    for (const [body, field] of wrong) {
      const answer = await server.ask('POST', `/api/sites/${site.id}${path}`, { key, body });
      expect([path, body, answer.status, answer.json<{ error: { field: string } }>().error.field]).toEqual([
        path,
        body,
        422,
        field,
      ]);
    }
  }
});
