/** Native routes that do something with goals: restore, duplicate, versions, many at once, test traffic. */
import { Type } from '@sinclair/typebox';
import type { Route } from './dialect.ts';
import { GoalSchema, ManyGoalsSchema } from './goal-schema.ts';
import { draftOf, goalAnswer, goalOf, writing } from './native-goals.ts';
import { siteOf } from './native-sites.ts';
import { readerOf } from './principal.ts';
import { defineRoute, ok } from './route.ts';

const tag = 'Goals';
const BASE = '/api/sites/:site/goals';

const VersionsSchema = Type.Object({
  versions: Type.Array(
    Type.Object({
      version: Type.Integer(),
      revision: Type.Integer({ description: "The site's revision that began with it." }),
      goal: Type.Record(Type.String(), Type.Unknown()),
      deleted: Type.Boolean(),
      actor: Type.String(),
      actor_name: Type.String({
        description: "A member's or key's name, else the id; to members the address of those without a name.",
      }),
      at: Type.Integer(),
    }),
  ),
  next: Type.Null(),
});

export const GOAL_ACTION_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: `${BASE}/many`,
    scope: 'goals:write',
    tag,
    summary: 'Creates all of the goals or none.',
    body: ManyGoalsSchema,
    answers: { 201: Type.Object({ goals: Type.Array(GoalSchema) }) },
    async run(call) {
      const drafts = call.body.goals.map(draftOf);
      const made = await call.backend.goals.createMany(siteOf(call).id, drafts, writing(call));
      return { status: 201, body: { goals: made.map(({ goal, warnings }) => ({ ...goal, warnings })) } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: `${BASE}/:goal/restore`,
    scope: 'goals:write',
    tag,
    summary: 'Brings a deleted goal back with all it counted.',
    answers: { 200: GoalSchema },
    run: async (call) => goalAnswer(await call.backend.goals.restore(goalOf(call), writing(call))),
  }),
  defineRoute({
    method: 'POST',
    path: `${BASE}/:goal/duplicate`,
    scope: 'goals:write',
    tag,
    summary: 'Copies a goal; a name and a key may be given to the copy, else it is named after the goal.',
    body: Type.Object(
      { name: Type.Optional(Type.String()), key: Type.Optional(Type.String()) },
      { additionalProperties: false },
    ),
    empty_body: true,
    answers: { 201: GoalSchema },
    run: async (call) =>
      goalAnswer(await call.backend.goals.duplicate(goalOf(call), draftOf(call.body), writing(call)), 201),
  }),
  defineRoute({
    method: 'GET',
    path: `${BASE}/:goal/versions`,
    scope: 'goals:read',
    tag,
    summary: 'Every version of a goal with who made it and when, newest first; of a deleted goal too.',
    answers: { 200: VersionsSchema },
    run: async (call) =>
      ok({ versions: await call.backend.goals.versions(goalOf(call), readerOf(call.principal)), next: null }),
  }),
  defineRoute({
    method: 'DELETE',
    path: `${BASE}/:goal/conversions`,
    scope: 'goals:write',
    tag,
    summary: 'Removes what test traffic counted.',
    query: Type.Object({ test: Type.Literal('true') }, { additionalProperties: false }),
    answers: { 200: Type.Object({ removed: Type.Integer() }) },
    async run(call) {
      const goal = await call.backend.goals.get(goalOf(call));
      await call.backend.collector.fresh();
      return ok({ removed: await call.backend.store.eraseTest(siteOf(call).number, goal.number) });
    },
  }),
];
