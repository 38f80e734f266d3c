/** Native routes for people's rights over their data: export and erasure by visitor or order. */
import { Type } from '@sinclair/typebox';
import { ORDER_ID_CHARACTERS, VISITOR_ID_CHARACTERS } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import { identifiedVisitor } from '../collector/identity.ts';
import type { Subject } from '../store/event-store.ts';
import type { Call, Route } from './dialect.ts';
import { siteOf } from './native-sites.ts';
import { defineRoute, ok } from './route.ts';
import { readSentId, sentIdSchema } from './sent-id.ts';

const tag = 'Privacy';
const SubjectSchema = Type.Object(
  {
    visitor_id: Type.Optional(sentIdSchema(VISITOR_ID_CHARACTERS, 'As a browser keeps it or a server names it.')),
    order_id: Type.Optional(sentIdSchema(ORDER_ID_CHARACTERS)),
  },
  { additionalProperties: false },
);
type Named = (typeof SubjectSchema)['static'];

const rows = Type.Array(Type.Record(Type.String(), Type.Unknown()));

/** Whose data it is. Visitors of the default identity cannot be named by anybody, which is what it is for. */
function subjectOf(call: Call<unknown, unknown, Named>): Subject {
  const { visitor_id, order_id } = call.body;
  const site = siteOf(call).number;
  if (visitor_id !== undefined && order_id === undefined) {
    return { site, visitor: identifiedVisitor(site, readSentId(visitor_id, 'visitor_id', VISITOR_ID_CHARACTERS)) };
  }
  if (order_id !== undefined && visitor_id === undefined)
    return { site, order_id: readSentId(order_id, 'order_id', ORDER_ID_CHARACTERS) };
  throw new Problem('invalid_field', 'Name either visitor_id or order_id.', { field: 'visitor_id' });
}

export const PRIVACY_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/sites/:site/erase',
    scope: 'admin',
    tag,
    summary: 'Removes everything of a visitor or an order for ever. Backups made before keep it.',
    body: SubjectSchema,
    answers: {
      200: Type.Object({ events: Type.Integer(), conversions: Type.Integer(), sessions: Type.Integer() }),
    },
    async run(call) {
      const subject = subjectOf(call);
      await call.backend.collector.fresh();
      return ok(await call.backend.store.erase(subject));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/sites/:site/visitor-data',
    scope: 'admin',
    tag,
    summary: 'Everything stored of a visitor or an order, in order of time.',
    body: SubjectSchema,
    answers: { 200: Type.Object({ events: rows, conversions: rows }) },
    async run(call) {
      const subject = subjectOf(call);
      await call.backend.collector.fresh();
      return ok(await call.backend.store.exportSubject(subject));
    },
  }),
];
