/** `GET …/live`: what is accepted and dropped, as server-sent events that go on after a broken connection. */
import { PassThrough } from 'node:stream';
import { Type } from '@sinclair/typebox';
import { Problem } from '../../core/problem.ts';
import type { Call, Route } from './dialect.ts';
import { LISTENERS, type LiveEntry } from './live-feed.ts';
import { siteOf } from './native-sites.ts';
import { goalsOf } from './native-stats.ts';
import { defineRoute } from './route.ts';

/** Proxies close what is silent. */
const HEARTBEAT_MS = 15_000;
/** A reader that does not read is let go. */
const UNREAD_BYTES = 262_144;

function lastNumber({ headers }: Call): number | undefined {
  const text = headers['last-event-id'];
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function write(stream: PassThrough, entry: LiveEntry, goalIds: ReadonlyMap<number, string>): void {
  const { number, kind, goals, ...rest } = entry;
  const ids = goals?.flatMap((goal) => goalIds.get(goal) ?? []);
  const data = JSON.stringify({ ...rest, kind, ...(ids === undefined ? {} : { goals: ids }) });
  stream.write(`id: ${number}\nevent: ${kind}\ndata: ${data}\n\n`);
}

export const LIVE_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/sites/:site/live',
    scope: 'stats:read',
    tag: 'Statistics',
    summary:
      'Server-sent events: what is accepted and dropped, with the reason, the latest first of all. `Last-Event-ID` ' +
      'goes on from there.',
    answers: { 200: Type.String({ description: 'text/event-stream of `accepted` and `dropped`.' }) },
    async run(call) {
      const { live } = call.backend;
      const { number } = siteOf(call);
      if (live.listening >= LISTENERS) throw new Problem('overloaded', 'Too many live views.', { retry_after_s: 10 });
      const stream = new PassThrough();
      const goalIds = () => new Map(goalsOf(call).map((goal) => [goal.number, goal.id]));
      stream.write('retry: 2000\n\n');
      const known = goalIds();
      for (const entry of live.since(number, lastNumber(call))) write(stream, entry, known);
      const forget = live.listen(number, {
        onEntry: (entry) => {
          write(stream, entry, goalIds());
          if (stream.writableLength > UNREAD_BYTES) stream.destroy();
        },
        onEnd: () => stream.end(),
      });
      const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS);
      stream.once('close', () => {
        clearInterval(heartbeat);
        forget();
      });
      const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
      return { status: 200, body: stream, headers };
    },
  }),
];
