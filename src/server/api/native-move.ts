/** Native routes that move an installation from its data folder to PostgreSQL and ClickHouse; for its owner only. */
import { Type } from '@sinclair/typebox';
import { Problem } from '../../core/problem.ts';
import type { Route } from './dialect.ts';
import { CONTROL_PRINCIPAL, type Principal } from './principal.ts';
import { defineRoute } from './route.ts';

const Count = Type.Integer();
const StatusSchema = Type.Object({
  state: Type.Union(['none', 'copying', 'finishing', 'moved', 'failed'].map((state) => Type.Literal(state))),
  done: Type.Number({ description: 'Share of the events that are there, 0 to 1.' }),
  error: Type.Optional(Type.String()),
  report: Type.Optional(
    Type.Object({
      configuration: Type.Record(Type.String(), Count, { description: 'Rows of each table, the same on both sides.' }),
      months: Type.Array(
        Type.Object({ site: Count, month: Type.String(), events: Count, conversions: Count, amount: Type.String() }),
        { description: 'What both sides have, by number of site and month.' },
      ),
      claims: Count,
    }),
  ),
});

function ownersOnly(principal: Principal): void {
  if (principal === CONTROL_PRINCIPAL) return;
  throw new Problem('forbidden', 'Data is moved by the owner of the data folder only, by the command line.');
}

export const MOVE_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/move',
    scope: 'admin',
    tag: 'Installation',
    summary:
      'Begins to move everything to PostgreSQL and ClickHouse, or goes on. At the control socket only, as `goalpost migrate` does.',
    body: Type.Object(
      { config: Type.String({ minLength: 1 }), events: Type.String({ minLength: 1 }) },
      { additionalProperties: false },
    ),
    answers: { 202: StatusSchema },
    async run({ backend, body, principal }) {
      ownersOnly(principal);
      return { status: 202, body: await backend.move.start(body) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/move',
    scope: 'admin',
    tag: 'Installation',
    summary: 'How far a move to PostgreSQL and ClickHouse is.',
    answers: { 200: StatusSchema },
    async run({ backend, principal }) {
      ownersOnly(principal);
      return { status: 200, body: backend.move.status() };
    },
  }),
];
