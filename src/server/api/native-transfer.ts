/** Native routes that take a site's goals elsewhere and bring them back, or in from another product. */
import { Type } from '@sinclair/typebox';
import { checkGoal } from '../../core/check-goal.ts';
import type { Goal, GoalDefinition } from '../../core/goal.ts';
import { goalKeyFromName } from '../../core/goal-key.ts';
import { GOALS_PER_SITE } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import type { EnsuredGoal, WantedGoal } from '../goals/goal-ensure.ts';
import type { Call, Route } from './dialect.ts';
import type { Fields } from './dialects/dialect-request.ts';
import { LIST_FORMATS, readGoalList } from './goal-lists.ts';
import { choice, GoalSchema } from './goal-schema.ts';
import { siteOf } from './native-sites.ts';
import { defineRoute, ok } from './route.ts';

const tag = 'Import and export';
/** Version of our own list. */
const LIST_VERSION = 1;

const ExportSchema = Type.Object({
  goalpost: Type.Literal(LIST_VERSION),
  site: Type.Object({ name: Type.String(), domains: Type.Array(Type.String()) }),
  goals: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  url_groups: Type.Array(Type.Record(Type.String(), Type.Unknown())),
});

/** What a goal is without where and when it was stored. */
function definitionOf(goal: Goal): GoalDefinition {
  const { key, name, active, trigger, value, where, properties, count, purpose, description, foreign } = goal;
  return { key, name, active, trigger, value, where, properties, count, purpose, description, foreign };
}

/** Two goals are the same to an import when they count the same under the same name. */
function sameness({ name, trigger, where, properties }: GoalDefinition): string {
  return JSON.stringify([name, trigger, where, properties], (member, value: unknown) =>
    member === 'slow' ? undefined : value,
  );
}

/** A draft as something to get or to create, so that repeating an import changes nothing. */
function wantedOf(draft: Fields, index: number, siteCurrency: string): WantedGoal {
  const find = (existing: readonly Goal[]): Goal | undefined => {
    if (typeof draft.key === 'string') return existing.find((goal) => goal.key === draft.key);
    const makeKey = (name: string) => goalKeyFromName(name, { number: 0, taken: () => false });
    const definition = checkGoal(draft, { siteCurrency, makeKey, freeCurrency: true });
    return existing.find((goal) => sameness(goal) === sameness(definition));
  };
  return { find, draft, place: `goals.${index}` };
}

function shown({ goal, warnings }: EnsuredGoal) {
  return { ...goal, warnings };
}

/** Groups that the site does not have yet; goals may refer to them. */
async function addGroups(call: Call, groups: readonly Fields[]): Promise<void> {
  const { urlGroups } = call.backend;
  const site = siteOf(call);
  const known = new Set((await urlGroups.list(site.id)).map((group) => group.key));
  for (const group of groups) {
    if (!known.has(String(group.key))) await urlGroups.create(site.id, group, { origin: call.principal.actor });
  }
}

export const TRANSFER_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/sites/:site/export',
    scope: 'goals:read',
    tag,
    summary: 'Every goal and URL group of the site as one document, oldest first.',
    answers: { 200: ExportSchema },
    async run(call) {
      const { name, domains, id } = siteOf(call);
      const goals = (await call.backend.goals.all(id)).reverse().map(definitionOf);
      const url_groups = await call.backend.urlGroups.list(id);
      return ok({ goalpost: LIST_VERSION, site: { name, domains }, goals, url_groups });
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/sites/:site/import',
    scope: 'goals:write',
    tag,
    summary: `Creates the goals of a list: our own export, or the list answer of ${LIST_FORMATS.slice(1).join(', ')}. What is there already stays.`,
    body: Type.Object({}, { additionalProperties: true }),
    answers: {
      200: Type.Object({
        format: choice(LIST_FORMATS),
        created: Type.Array(GoalSchema),
        existing: Type.Array(GoalSchema),
      }),
    },
    async run(call) {
      const list = readGoalList(call.body);
      if (list.drafts.length > GOALS_PER_SITE) {
        throw new Problem('limit_reached', `A site has at most ${GOALS_PER_SITE} goals.`);
      }
      await addGroups(call, list.url_groups);
      const site = siteOf(call);
      const wanted = list.drafts.map((draft, index) => wantedOf(draft, index, site.currency));
      const ensured = await call.backend.goals.ensureMany(site.id, wanted, {
        origin: call.principal.actor,
        check: { freeCurrency: list.format === 'sparklytics' },
      });
      const created = ensured.filter((answer) => answer.created).map(shown);
      const existing = ensured.filter((answer) => !answer.created).map(shown);
      return ok({ format: list.format, created, existing });
    },
  }),
];
