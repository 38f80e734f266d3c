/** What backfills of all engines share: which combinations are judged how many at a time, and what their scopes are. */
import { setImmediate as turn } from 'node:timers/promises';
import type { BackfillChunk, BackfillGoal, PastTuple } from './event-store.ts';

/** Combinations judged between two turns of the event loop, a millisecond or two of work. */
const JUDGED_AT_ONCE = 500;
/** Past these many combinations judged, or events that convert, the rest of the goals is left to the next transaction. */
const JUDGED_IN_ALL = 200_000;
const CONVERTING_IN_ALL = 50_000;

const ACTION_SCOPE = "concat('e:', CAST(coalesce(action, id) AS VARCHAR))";
/** The scope of a conversion's key (core `conversionScope`) as SQL: unknown views and sessions fall back to the event. */
const SCOPES: Readonly<Record<BackfillGoal['count'], string>> = {
  every: ACTION_SCOPE,
  once_per_page: `coalesce('p:' || CAST(view AS VARCHAR), ${ACTION_SCOPE})`,
  once_per_session: `coalesce('s:' || CAST(session AS VARCHAR), ${ACTION_SCOPE})`,
  once_per_visitor: `coalesce('v:' || CAST(visitor AS VARCHAR), ${ACTION_SCOPE})`,
};

/** The scope of an event: its order's where it has one. */
export function orderScope(count: BackfillGoal['count']): string {
  return `coalesce('o:' || order_id, ${SCOPES[count]})`;
}

/** The same where each row has its count rule. */
export const SCOPE = `CASE counting ${Object.keys(SCOPES)
  .map((count) => `WHEN '${count}' THEN ${orderScope(count as BackfillGoal['count'])}`)
  .join(' ')} END`;

/** The names that goals of the chunk can count; undefined: any. */
export function namesOf({ goals }: BackfillChunk): string[] | undefined {
  const names = goals.flatMap(({ name }) => name ?? []);
  return names.length < goals.length ? undefined : [...new Set(names)];
}

/** Columns of a combination, in tables that have `seen_…` for what only some goals look at. */
export const TUPLE = 'name, origin, seen_url, seen_kind, seen_amount, seen_currency, seen_props';

/** The same as members of a PastTuple, with its number and how many events have it. */
export const TUPLE_ROW =
  'tuple, events, name, origin, seen_url AS url, seen_kind AS view_kind, seen_amount AS amount, ' +
  'seen_currency AS currency, seen_props AS props';

/** What of the chunk's goals is looked at only by some; '' where none does. */
export function seenColumns({ goals }: BackfillChunk): string {
  const amount = goals.some(({ sees }) => sees.amount);
  const properties = goals.some(({ sees }) => sees.properties);
  return (
    `coalesce(url, '') AS seen_url, coalesce(view_kind, '') AS seen_kind, ` +
    `${amount ? "coalesce(CAST(amount AS VARCHAR), '')" : "''"} AS seen_amount, ` +
    `${amount ? "coalesce(currency, '')" : "''"} AS seen_currency, ` +
    `${properties ? "coalesce(props, '')" : "''"} AS seen_props`
  );
}

/** A combination and how many events have it. */
export type CountedTuple = PastTuple & { tuple: number; events: number };

/** A combination that meets a goal. */
export interface MetTuple {
  /** Of the goal among the chunk's. */
  place: number;
  tuple: number;
  /** Micro-units; '' for none. */
  amount: string;
  currency: string;
}

/** Shows goals, one after the other, the combinations they may care for; answers how many goals and what meets them. */
export async function judgeTuples(
  tuples: readonly CountedTuple[],
  { goals }: BackfillChunk,
): Promise<{ judged: number; met: MetTuple[] }> {
  const named = new Map<string, CountedTuple[]>();
  for (const tuple of tuples) {
    const known = named.get(tuple.name);
    if (known) known.push(tuple);
    else named.set(tuple.name, [tuple]);
  }
  const met: MetTuple[] = [];
  let looks = 0;
  let converting = 0;
  for (const [place, goal] of goals.entries()) {
    for (const tuple of goal.name === undefined ? tuples : (named.get(goal.name) ?? [])) {
      looks += 1;
      if (looks % JUDGED_AT_ONCE === 0) await turn();
      const money = goal.judge(tuple);
      if (!money) continue;
      converting += tuple.events;
      met.push({ place, tuple: tuple.tuple, amount: money.amount?.toString() ?? '', currency: money.currency ?? '' });
    }
    if (looks >= JUDGED_IN_ALL || converting >= CONVERTING_IN_ALL) return { judged: place + 1, met };
  }
  return { judged: goals.length, met };
}
