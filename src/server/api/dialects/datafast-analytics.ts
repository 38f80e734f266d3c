/** DataFast's analytics of goals, from the statistics every dialect reads. */
import type { Goal } from '../../../core/goal.ts';
import { allGoalsStats } from '../../stats/all-goals-stats.ts';
import type { Answer } from '../dialect.ts';
import { askStats, goalsOf, pastHeaders } from '../native-stats.ts';
import { ok } from '../route.ts';
import { statsParams } from './datafast-request.ts';
import { type Fields, type LooseCall, queryCount, queryText, siteOfCall } from './dialect-request.ts';

const FIELDS = ['name', 'completions', 'visitors'];
const ROWS = 100;
const ROWS_MOST = 1_000;

/** The product knows goals by the name of their event; one that counts only some of its events says which, or its key. */
function nameOf({ trigger, key, properties }: Goal): string {
  const isNamed = (trigger.type === 'event' || trigger.type === 'revenue') && trigger.match === 'equals';
  return isNamed ? [trigger.name, ...Object.values(properties)].join(':') : key;
}

/** `{goal, completions, visitors}` a goal, most completions first; `fields` chooses among the last two. */
export async function analyticsOfGoals(call: LooseCall): Promise<Answer> {
  const fields = (queryText(call.query, 'fields') ?? FIELDS.join(',')).split(',').map((field) => field.trim());
  const limit = queryCount(call.query, 'limit', { min: 1, max: ROWS_MOST, otherwise: ROWS });
  const offset = queryCount(call.query, 'offset', { min: 0, max: Number.MAX_SAFE_INTEGER, otherwise: 0 });
  const goals = goalsOf(call);
  const headers = pastHeaders(call, ...goals.map(({ id }) => id));
  // The product answers at query time, so what it has acknowledged counts.
  const query = await askStats({ ...call, query: { ...statsParams(call.query), fresh: 'true' } });
  const stats = await allGoalsStats(call.backend.store, siteOfCall(call).number, { goals, query });
  const names = new Map(goals.map((goal) => [goal.number, nameOf(goal)]));
  const rows = stats
    .filter((line) => line.conversions > 0)
    .sort((a, b) => b.conversions - a.conversions || a.number - b.number)
    .map((line): Fields => {
      const row: Fields = { goal: names.get(line.number) ?? '' };
      if (fields.includes('completions')) row.completions = line.conversions;
      if (fields.includes('visitors')) row.visitors = line.converting_visitors;
      return row;
    });
  const data = rows.slice(offset, offset + limit);
  return { ...ok({ status: 'success', data, pagination: { limit, offset, total: rows.length } }), headers };
}
