/**
 * A goal made or changed while events come in: those before, those of its first second and those after count once each,
 * whatever plan their pages had, also on a machine that is busy.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { serverOfTest, type TestServer } from './running-server.ts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
/** Events before the first goal, with one goal a step, and after the last: until its past has long been counted. */
const BEFORE = 20;
const GOALS = 24;
const AFTER = 180;
/** No divisor of any time the server counts in, so that steps fall everywhere. */
const STEP_MS = 47;

/** A site under test, and what it takes to speak of it. */
interface Place {
  server: TestServer;
  key: string;
  path: string;
  publicKey: string;
}

/** Keeps as many cores busy as there may be, until the test is over. */
function burn(threads: number): void {
  const workers = Array.from({ length: threads }, () => new Worker('for (;;);', { eval: true }));
  onTestFinished(async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  });
}

/** One page that is shown and signs up, in one request; the page had the plan of that revision and believes what it says. */
async function come(
  { server, publicKey }: Place,
  { revision, goals }: { revision: number; goals: string[] },
): Promise<number> {
  const view = randomUUID();
  const u = 'https://shop.example/thanks';
  const events = [
    { i: view, n: '$pageview', a: -5, pv: view, u, g: goals },
    { i: randomUUID(), n: 'signup', a: -2, pv: view, u, g: goals },
  ];
  const answer = await server.ask('POST', '/e', {
    body: { v: 1, s: publicKey, t: Date.now(), r: revision, e: events },
    headers: { 'user-agent': BROWSER },
  });
  expect(answer.status, answer.text).toBe(202);
  return answer.json<{ r: number }>().r;
}

const KINDS = [
  { type: 'event', name: 'signup' },
  { type: 'pageview', url: { match: 'simple', value: '/thanks' } },
];
/** What changed goals meant before. */
const OTHER = { type: 'event', name: 'something else' };

async function makeGoal(place: Place, step: number, trigger: object): Promise<Goal> {
  const answer = await place.server.ask('POST', `${place.path}/goals`, {
    key: place.key,
    body: { name: `Goal ${step}`, trigger },
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.json<Goal>();
}

/** Every second goal is new at its step; the others were there before and come to mean the same at their step. */
async function beginGoal(place: Place, step: number, earlier: Goal | undefined): Promise<Goal> {
  const trigger = KINDS[(step >> 1) % 2]!;
  if (!earlier) return makeGoal(place, step, trigger);
  const answer = await place.server.ask('PATCH', `${place.path}/goals/${earlier.id}`, {
    key: place.key,
    body: { trigger },
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.json<Goal>();
}

async function conversions({ server, key, path }: Place): Promise<Record<string, number>> {
  const answer = await server.ask('GET', `${path}/goals/stats?fresh=true`, { key });
  const { goals } = answer.json<{ goals: { goal_id: string; conversions: number }[] }>();
  return Object.fromEntries(goals.map(({ goal_id, conversions: count }) => [goal_id, count]));
}

test('every event counts once for every goal begun around it, on a busy machine', async () => {
  const server = await serverOfTest();
  const { site, key } = await server.addSite('shop.example');
  const place: Place = { server, key, path: `/api/sites/${site.id}`, publicKey: site.key };
  const existing = new Map<number, Goal>();
  for (let step = 0; step < GOALS; step += 2) existing.set(step, await makeGoal(place, step, OTHER));
  burn(2);
  const begun: Promise<Goal>[] = [];
  const known: Goal[] = [];
  const visits: Promise<number>[] = [];
  let latest = 1;
  for (let step = -BEFORE; step < GOALS + AFTER; step += 1) {
    const revision = [0, 1, latest][visits.length % 3]!;
    const goals = visits.length % 2 === 0 ? [] : known.map((goal) => goal.id);
    const visit = come(place, { revision, goals });
    visits.push(visit);
    void visit.then((r) => (latest = r));
    if (step >= 0 && step < GOALS) {
      const goal = beginGoal(place, step, existing.get(step));
      begun.push(goal);
      void goal.then((made) => known.push(made));
    }
    await pause(STEP_MS);
  }
  await Promise.all(visits);
  const expected = Object.fromEntries((await Promise.all(begun)).map(({ id }) => [id, visits.length]));
  await expect.poll(() => conversions(place)).toEqual(expected);
  expect(await conversions(place)).toEqual(expected);
});
