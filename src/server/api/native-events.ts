/** Native routes for backends: events from a server, and refunds. */
import { randomBytes } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import { DROP_REASONS } from '../../core/beacon.ts';
import { checkServerEvent } from '../../core/check-event.ts';
import { uuid7 } from '../../core/event-id.ts';
import { BEACON_EVENTS, ORDER_ID_CHARACTERS } from '../../core/limits.ts';
import { formatMicros, parseAmount } from '../../core/money.ts';
import { Problem } from '../../core/problem.ts';
import type { Call, Route } from './dialect.ts';
import { choice } from './goal-schema.ts';
import { siteOf } from './native-sites.ts';
import { goalsOf } from './native-stats.ts';
import { refundOrder } from './refund-order.ts';
import { defineRoute } from './route.ts';
import { readSentId, sentIdSchema } from './sent-id.ts';

const tag = 'Events';
const amount = Type.Union([Type.String(), Type.Number()], { description: 'Decimal string, e.g. "49.99".' });
const IDEMPOTENCY_CHARACTERS = 100;
const named = sentIdSchema(ORDER_ID_CHARACTERS);

const EventsSchema = Type.Object(
  {
    events: Type.Array(
      // What is no object, or has no name, is dropped as other bad events are: alone.
      Type.Unsafe({
        properties: {
          id: Type.Optional(Type.Unknown({ description: 'Text; the same id again counts once.' })),
          name: Type.Optional(Type.Unknown({ description: 'Text; an event without one is dropped.' })),
          time: Type.Optional(Type.Unknown({ description: 'ms since 1970 or ISO 8601; up to 30 days back.' })),
          visitor_id: Type.Optional(Type.Unknown()),
          order_id: Type.Optional(Type.Unknown()),
          amount: Type.Optional(Type.Unknown({ description: 'Decimal string.' })),
          currency: Type.Optional(Type.Unknown({ description: 'ISO 4217.' })),
          url: Type.Optional(Type.Unknown()),
          properties: Type.Optional(Type.Unknown()),
        },
      }),
      { minItems: 1, description: `1-${BEACON_EVENTS} events; a bad one is dropped alone, with its reason.` },
    ),
  },
  { additionalProperties: false },
);

/** What is answered when events are on disk. */
export const AcceptedSchema = Type.Object({
  ok: Type.Literal(true),
  r: Type.Integer(),
  accepted: Type.Integer(),
  dropped: Type.Array(Type.Object({ i: Type.String(), reason: choice(DROP_REASONS) })),
});

const RefundSchema = Type.Object({
  refunds: Type.Array(
    Type.Object({
      goal_id: Type.String(),
      order_id: Type.String(),
      refund_id: Type.String(),
      amount: Type.String({ description: 'Negative decimal string.' }),
      currency: Type.String(),
      time: Type.Integer(),
    }),
  ),
});

/** The header that makes a repeated request the same one. */
function idempotencyKey({ headers }: Call): string | undefined {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return undefined;
  if (key.length > IDEMPOTENCY_CHARACTERS) {
    const message = `Idempotency-Key has at most ${IDEMPOTENCY_CHARACTERS} characters.`;
    throw new Problem('invalid_parameter', message, { field: 'Idempotency-Key' });
  }
  return key;
}

function refuse(field: string, message: string): never {
  throw new Problem('invalid_field', message, { field });
}

export const EVENT_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/sites/:site/events',
    scope: 'events:write',
    tag,
    summary: 'Takes events from a server. Answered when they are on disk.',
    body: EventsSchema,
    answers: { 202: AcceptedSchema },
    async run(call) {
      const { events } = call.body;
      if (events.length > BEACON_EVENTS) throw new Problem('too_large', `At most ${BEACON_EVENTS} events a request.`);
      const site = siteOf(call);
      const received_ms = call.backend.clock();
      const key = idempotencyKey(call);
      const checked = events.map((raw, index) =>
        checkServerEvent(raw, {
          received_ms,
          site,
          makeId: () => (key === undefined ? uuid7(received_ms, randomBytes(10)) : `${key}:${index}`),
        }),
      );
      const requester = { address: call.address, user_agent: call.headers['user-agent'] ?? '', received_ms };
      return { status: 202, body: await call.backend.collector.acceptEvents(site.id, checked, requester) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/sites/:site/refunds',
    scope: 'events:write',
    tag,
    summary:
      'Takes money back from every goal that counted an order, or from one. Repeating a refund_id changes nothing.',
    body: Type.Object(
      {
        order_id: named,
        refund_id: Type.Optional(named),
        amount: Type.Optional(amount),
        goal: Type.Optional(Type.String({ description: 'Id or key of the only goal to change.' })),
      },
      { additionalProperties: false },
    ),
    answers: { 201: RefundSchema },
    async run(call) {
      const site = siteOf(call);
      const { goal: only } = call.body;
      const order_id = readSentId(call.body.order_id, 'order_id', ORDER_ID_CHARACTERS);
      const named = call.body.refund_id ?? idempotencyKey(call) ?? refuse('refund_id', 'Name the refund.');
      const refund_id = readSentId(named, 'refund_id', ORDER_ID_CHARACTERS);
      const goals = goalsOf(call).filter((goal) => only === undefined || goal.id === only || goal.key === only);
      if (only !== undefined && goals.length === 0) {
        throw new Problem('unknown_goal', 'The site has no such goal.', { field: 'goal' });
      }
      const amount = readRefund(call.body.amount);
      const rows = await refundOrder(call.backend, { site, order_id, refund_id, amount, goals });
      const ids = new Map(goals.map((goal) => [goal.number, goal.id]));
      const refunds = rows.map((row) => ({
        goal_id: ids.get(row.goal),
        order_id,
        refund_id,
        amount: formatMicros(BigInt(row.amount), row.currency),
        currency: row.currency,
        time: row.ts,
      }));
      return { status: 201, body: { refunds } };
    },
  }),
];

function readRefund(raw: string | number | undefined): bigint | undefined {
  if (raw === undefined) return undefined;
  const micros = parseAmount(raw);
  return micros === undefined || micros <= 0n
    ? refuse('amount', 'The amount is a positive decimal, as "49.99".')
    : micros;
}
