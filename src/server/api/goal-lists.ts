/** Reads exported lists of goals: our own, and the list answers of the five products. */
import { GIVEN_BY_SERVER } from '../../core/check-goal.ts';
import { Problem } from '../../core/problem.ts';
import { type Fields, isFields } from './dialects/dialect-request.ts';
import { readMidaGoal } from './dialects/mida-goal.ts';
import { readPagesenseGoal } from './dialects/pagesense-goal.ts';
import { readPluginsGoal, readSitesGoal } from './dialects/plausible-goal.ts';
import { readSparklyticsGoal, type SparklyticsGoal } from './dialects/sparklytics-goal.ts';

export const LIST_FORMATS = ['goalpost', 'plausible', 'pagesense', 'sparklytics', 'datafast', 'mida'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

/** A list in our words. */
export interface GoalList {
  format: ListFormat;
  /** Drafts for the goal service, not checked yet. */
  drafts: Fields[];
  /** URL groups that our own lists carry. */
  url_groups: Fields[];
}

/** Where a format keeps its goals, and what only its goals have. */
const SHAPES: { format: ListFormat; member: string; has: (goal: Fields) => boolean; read: (goal: Fields) => object }[] =
  [
    { format: 'goalpost', member: 'goals', has: (goal) => isFields(goal.trigger), read: readOwn },
    // Before the flat form of another product, which has a goal_type `event` too.
    { format: 'mida', member: 'goals', has: (goal) => 'goal_value' in goal, read: readMida },
    { format: 'plausible', member: 'goals', has: (goal) => isFields(goal.goal), read: readPlugins },
    {
      format: 'plausible',
      member: 'goals',
      has: (goal) => goal.goal_type === 'event' || goal.goal_type === 'page',
      read(goal) {
        const { display_name: _, ...draft } = readSitesGoal(goal);
        return draft;
      },
    },
    { format: 'pagesense', member: 'projectgoals', has: (goal) => 'display_name' in goal, read: readPagesense },
    {
      format: 'sparklytics',
      member: 'data',
      has: (goal) => 'match_value' in goal,
      read: (goal) => readSparklyticsGoal(goal as unknown as SparklyticsGoal),
    },
    { format: 'datafast', member: 'data', has: (goal) => typeof goal.goal === 'string', read: readDatafast },
  ];

/** What the server gives, it gives anew. */
const GIVEN: readonly string[] = [...GIVEN_BY_SERVER, 'warnings'];

function readOwn(goal: Fields): Fields {
  return Object.fromEntries(Object.entries(goal).filter(([name]) => !GIVEN.includes(name)));
}

/** What it is shown as is not always made from its event or path. */
function readPlugins(listed: Fields): Fields {
  const draft = readPluginsGoal(listed);
  const shown = isFields(listed.goal) ? listed.goal.display_name : undefined;
  return { ...draft, name: typeof shown === 'string' && shown.trim() !== '' ? shown.trim() : draft.name };
}

/** Paths have its link name, so it is kept where no other goal of the site has it. */
function readPagesense(goal: Fields): Fields {
  const { foreign, ...draft } = readPagesenseGoal(goal);
  const { linkname } = goal;
  const kept = typeof linkname === 'string' && /^[a-z0-9]{1,500}$/.test(linkname) ? { linkname } : {};
  return { ...draft, foreign: { pagesense: { ...foreign.pagesense, ...kept } } };
}

function readMida(goal: Fields): Fields {
  const { key, ...draft } = readMidaGoal(goal);
  return key === undefined ? draft : { ...draft, key };
}

/** DataFast lists goals by the names of their events; there are no definitions. */
function readDatafast({ goal }: Fields): Fields {
  return { name: goal, trigger: { type: 'event', name: goal } };
}

/** Recognises the format by its shape. Throws `invalid_field` with the goal's place for what cannot be read. */
export function readGoalList(document: Fields): GoalList {
  for (const { format, member, has, read } of SHAPES) {
    const list = document[member];
    if (!Array.isArray(list) || !list.every(isFields) || !list.some(has)) continue;
    const drafts = list.map((goal, index) => inPlace(`${member}.${index}`, () => ({ ...read(goal) }) as Fields));
    const groups = format === 'goalpost' && Array.isArray(document.url_groups) ? document.url_groups : [];
    return { format, drafts, url_groups: groups.filter(isFields) };
  }
  if (Array.isArray(document.goals) && document.goals.length === 0) {
    return { format: 'goalpost', drafts: [], url_groups: [] };
  }
  throw new Problem('invalid_body', `The list has the form of none of ${LIST_FORMATS.join(', ')}.`);
}

function inPlace<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const field = error.field === undefined ? place : `${place}.${error.field}`;
    throw new Problem('invalid_field', error.message, { field, cause: error });
  }
}
