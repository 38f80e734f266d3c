/** Every code of the catalogue as a client of the API meets it: with its status, its field and a place to read on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { PROBLEMS, type ProblemCode } from '../../../src/core/problem.ts';
import { type Response, type Sent, serverOfTest, startTestServer, type TestServer } from './running-server.ts';

let server: TestServer;
let key: string;
let admin: string;
let base: string;
let goals: string;
beforeAll(async () => {
  server = await startTestServer();
  const added = await server.addSite('shop.example');
  key = added.key;
  admin = await server.addKey(null, ['admin']);
  base = `/api/sites/${added.site.id}`;
  goals = `${base}/goals`;
});
afterAll(() => server.remove());

const trigger = { type: 'event', name: 'buy' };
const ask = (method: string, path: string, sent: Sent = {}) => server.ask(method, path, { key, ...sent });
const post = (body: unknown, path = goals) => ask('POST', path, { body });
const rules = [{ match: 'path', value: '/a' }];

/** A paid order, to be refunded. */
async function order(order_id: string): Promise<void> {
  await post({ name: `Order ${order_id}`, trigger: { type: 'event', name: order_id } });
  const events = [{ name: order_id, order_id, amount: '10.00', currency: 'EUR' }];
  expect((await post({ events }, `${base}/events`)).status).toBe(202);
}

/** How each code comes about, and the field it names. A new code does not compile without. */
const CASES: Record<ProblemCode, { field?: string; ask: () => Promise<Response> }> = {
  invalid_body: { ask: () => ask('POST', goals, { text: '{' }) },
  invalid_field: { field: 'name', ask: () => post({ name: ' ', trigger }) },
  invalid_parameter: { field: 'limit', ask: () => ask('GET', `${goals}?limit=0`) },
  unauthorized: { ask: () => server.ask('GET', goals) },
  forbidden: { ask: () => ask('GET', '/api/keys') },
  plan_limit: {
    async ask() {
      const { site, key: own } = await server.addSite('plan.example');
      const body = { plan_limits: { revenue_goals: true } };
      await server.ask('PATCH', `/api/sites/${site.id}`, { key: admin, body });
      const goal = { goal_type: 'Goal.Revenue', goal: { event_name: 'Buy', currency: 'EUR' } };
      return server.ask('PUT', '/api/plugins/v1/goals', { key: own, body: goal });
    },
  },
  suspended: {
    async ask() {
      const { site, key: own } = await server.addSite('suspended.example');
      await server.ask('PATCH', `/api/sites/${site.id}`, { key: admin, body: { suspended: true } });
      return server.ask('POST', `/api/sites/${site.id}/events`, { key: own, body: { events: [{ name: 'buy' }] } });
    },
  },
  unknown_site: { ask: () => server.ask('GET', '/api/sites/nobody.example', { key: admin }) },
  unknown_goal: { ask: () => ask('GET', `${goals}/goal_${'0'.repeat(21)}`) },
  unknown_order: { field: 'order_id', ask: () => post({ order_id: 'nobody-s', refund_id: 'r' }, `${base}/refunds`) },
  not_found: { ask: () => ask('GET', '/api/nothing') },
  method_not_allowed: { ask: () => ask('GET', '/e') },
  duplicate_key: {
    field: 'key',
    async ask() {
      await post({ name: 'First', key: 'one', trigger });
      return post({ name: 'Second', key: 'one', trigger });
    },
  },
  duplicate_name: {
    field: 'name',
    async ask() {
      await post({ name: 'Named', trigger });
      return post({ name: 'Named', trigger });
    },
  },
  duplicate_domain: {
    field: 'domains',
    ask: () => server.ask('POST', '/api/sites', { key: admin, body: { domains: ['shop.example'] } }),
  },
  conflict: {
    async ask() {
      await post({ key: 'used', name: 'Used', rules }, `${base}/url-groups`);
      const url = { match: 'group', value: 'used' };
      await post({ name: 'Grouped', trigger: { type: 'pageview', url } });
      return ask('DELETE', `${base}/url-groups/used`);
    },
  },
  precondition_failed: {
    async ask() {
      const { id } = (await post({ name: 'Versioned', trigger })).json<Goal>();
      return ask('PATCH', `${goals}/${id}`, { body: { active: false }, headers: { 'if-match': '"7"' } });
    },
  },
  too_large: { ask: () => post({ name: 'x'.repeat(1_100_000), trigger }) },
  limit_reached: {
    async ask() {
      const { site } = await server.addSite('full.example');
      const all = Array.from({ length: 1_000 }, (_, at) => ({ name: `g${at}`, trigger, apply_to_past: false }));
      const path = `/api/sites/${site.id}/goals`;
      expect((await server.ask('POST', `${path}/many`, { key: admin, body: { goals: all } })).status).toBe(201);
      return server.ask('POST', path, { key: admin, body: { name: 'One more', trigger } });
    },
  },
  refund_exceeds: {
    field: 'amount',
    async ask() {
      await order('dear');
      return post({ order_id: 'dear', refund_id: 'r', amount: '10.01' }, `${base}/refunds`);
    },
  },
  rate_limited: {
    async ask() {
      const limited = await serverOfTest({ GOALPOST_RATE_LIMIT: 'on' });
      for (let guess = 0; guess < 20; guess += 1) await limited.ask('GET', '/api/sites', { key: `gp_${guess}` });
      const answer = await limited.ask('GET', '/api/sites', { key: 'gp_more' });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      return answer;
    },
  },
  internal: {
    async ask() {
      const broken = await serverOfTest();
      const { site, key: own } = await broken.addSite('broken.example');
      const body = { name: 'Buy', trigger };
      await broken.ask('POST', `/api/sites/${site.id}/goals`, { key: own, body });
      await broken.app.backend.store.close();
      return broken.ask('GET', `/api/sites/${site.id}/goals/stats`, { key: own });
    },
  },
  overloaded: {
    async ask() {
      const ending = await serverOfTest();
      const { site, key: own } = await ending.addSite('ending.example');
      await ending.app.backend.collector.stop();
      const body = { events: [{ name: 'buy' }] };
      const answer = await ending.ask('POST', `/api/sites/${site.id}/events`, { key: own, body });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      return answer;
    },
  },
};

test.each(Object.keys(CASES) as ProblemCode[])('%s has its status, a sentence and a place to read on', async (code) => {
  const { field } = CASES[code];
  const answer = await CASES[code].ask();
  expect(answer.status).toBe(PROBLEMS[code].status);
  // Only another product's API asks for a plan; it says so in its own shape.
  if (code === 'plan_limit') return;
  const message = expect.stringMatching(/^\w.+\.$/s);
  const error = { code, message, docs: `/api/docs#${code}`, ...(field === undefined ? {} : { field }) };
  expect(answer.json()).toEqual({ error });
});
