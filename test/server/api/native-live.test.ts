/** The live stream of the native API: what was just before, what happens now, and what a broken connection missed. */
import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { LiveFeed } from '../../../src/server/api/live-feed.ts';
import { serverOfTest } from './running-server.ts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';

/** One message of the stream. */
interface Message {
  number: number;
  kind: string;
  data: { i: string; name?: string; reason?: string };
}

interface Watched {
  url: string;
  site: string;
  publicKey: string;
  key: string;
}

/** Sends page views of these ids, in one request each hundred. */
async function views(
  { url, publicKey }: Watched,
  ids: readonly string[],
  page = 'https://shop.example/',
): Promise<void> {
  for (let from = 0; from < ids.length; from += 40) {
    const events = ids.slice(from, from + 40).map((i) => ({ i, n: '$pageview', a: 0, pv: i, u: page }));
    const body = JSON.stringify({ v: 1, s: publicKey, t: Date.now(), r: 0, e: events });
    const answer = await fetch(`${url}/e`, { method: 'POST', body, headers: { 'user-agent': BROWSER } });
    if (answer.status !== 202) throw new Error(await answer.text());
  }
}

const newIds = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

/** Opens the stream; `next` gives the messages after those it gave before, as many as are asked for. */
async function watch({ url, site, key }: Watched, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const answer = await fetch(`${url}/api/sites/${site}/live`, {
    headers: { authorization: `Bearer ${key}`, ...headers },
    signal: stop.signal,
  });
  const chunks = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return async (count: number): Promise<Message[]> => {
    const messages: Message[] = [];
    while (messages.length < count) {
      const end = text.indexOf('\n\n');
      if (end < 0) {
        const { value, done } = await chunks.read();
        if (done) throw new Error(`The stream ended after ${messages.length} messages.`);
        text += value;
        continue;
      }
      const [, number, kind, data] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (data !== undefined) messages.push({ number: Number(number), kind: kind!, data: JSON.parse(data) });
    }
    return messages;
  };
}

const idsOf = (messages: readonly Message[]): string[] => messages.map(({ data }) => data.i);

/** A server with a site that nothing has come to. */
async function watched(): Promise<Watched> {
  const server = await serverOfTest();
  const { site, key } = await server.addSite('shop.example');
  return { url: server.url, site: site.id, publicKey: site.key, key };
}

test('a live view begins with the latest that was acknowledged before, and goes on with what comes', async () => {
  const place = await watched();
  const before = newIds(60);
  await views(place, before);
  const next = await watch(place);
  expect(idsOf(await next(50))).toEqual(before.slice(-50));
  const after = newIds(3);
  await views(place, after);
  expect(idsOf(await next(3))).toEqual(after);
  await views(place, newIds(1), 'https://elsewhere.example/');
  expect(await next(1)).toMatchObject([
    { kind: 'dropped', data: { reason: 'foreign_host', name: '$pageview', url: 'https://elsewhere.example/' } },
  ]);
});

test('a live view goes on after Last-Event-ID, however much was missed', async () => {
  const place = await watched();
  const seen = newIds(1);
  await views(place, seen);
  const [last] = await (await watch(place))(1);
  const missed = newIds(199);
  await views(place, missed, `https://shop.example/${'long'.repeat(480)}`);
  const next = await watch(place, { 'last-event-id': String(last!.number) });
  expect(idsOf(await next(missed.length))).toEqual(missed);
  const after = newIds(1);
  await views(place, after);
  expect(idsOf(await next(1))).toEqual(after);
});

test('numbers go on growing after a restart, so that a view that connects again misses nothing', () => {
  const outcome = (received_ms: number) => ({
    site: 1,
    received_ms,
    accepted: [],
    dropped: [
      { i: 'a', reason: 'bot' as const },
      { i: 'b', reason: 'bot' as const },
    ],
  });
  const first = new LiveFeed();
  first.add(outcome(1_000));
  first.add(outcome(1_001));
  const last = first.since(1, undefined).at(-1)!.number;
  const second = new LiveFeed();
  second.add(outcome(5_000));
  expect(second.since(1, last).map(({ i }) => i)).toEqual(['a', 'b']);
});

test('a live view shows a goal with the event that counted for it, not with the order that came again', async () => {
  const place = await watched();
  const ask = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${place.key}` };
    const answer = await fetch(`${place.url}/api/sites/${place.site}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return (await answer.json()) as { id: string };
  };
  const { id } = await ask('/goals', { name: 'Order', trigger: { type: 'event', name: 'order' } });
  const events = [
    { id: 'first', name: 'order', order_id: 'A-1' },
    { id: 'again', name: 'order', order_id: 'A-1' },
  ];
  await ask('/events', { events });
  const next = await watch(place);
  expect((await next(3)).map(({ kind, data }) => ({ kind, ...data }))).toMatchObject([
    { kind: 'accepted', i: 'first', goals: [id] },
    { kind: 'accepted', i: 'again', goals: [] },
    { kind: 'dropped', i: 'again', reason: 'duplicate_order' },
  ]);
});

test('who asks for the headers alone, or goes away, does not go on listening', async () => {
  const server = await serverOfTest();
  const { site, key } = await server.addSite('shop.example');
  const { live } = server.app.backend;
  const path = `/api/sites/${site.id}/live`;
  const head = await server.ask('HEAD', path, { key });
  expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  await expect.poll(() => live.listening, { timeout: 30_000 }).toBe(0);
  const reading = new AbortController();
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${server.url}${path}`, { headers, signal: reading.signal });
  expect([answer.status, live.listening]).toEqual([200, 1]);
  reading.abort();
  await expect.poll(() => live.listening, { timeout: 30_000 }).toBe(0);
});
