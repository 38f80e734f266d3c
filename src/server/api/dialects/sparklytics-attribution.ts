/** Sparklytics' attribution of a goal to channels, and the revenue it sums up to. */
import type { Goal } from '../../../core/goal.ts';
import { Problem } from '../../../core/problem.ts';
import { type Attribution, attribution } from '../../stats/attribution.ts';
import type { Revenue } from '../../stats/revenue.ts';
import type { Route } from '../dialect.ts';
import { askStats, pastHeaders } from '../native-stats.ts';
import { ok } from '../route.ts';
import { type LooseCall, looseRoute, queryText, siteOfCall } from './dialect-request.ts';
import { findListed } from './sparklytics-find.ts';
import { writeSparklyticsGoal } from './sparklytics-goal.ts';

const WEBSITE = '/api/websites/:website';
const tag = 'Sparklytics';
const WINDOW_DAYS = 30;
const MODELS = { first_touch: 'first', last_touch: 'last' } as const;
type Model = keyof typeof MODELS;

interface Asked {
  goal: Goal;
  headers: Record<string, string>;
  model: Model;
  found: Attribution;
}

function readModel(call: LooseCall): Model {
  const model = queryText(call.query, 'model')?.trim() || 'last_touch';
  if (Object.hasOwn(MODELS, model)) return model as Model;
  throw new Problem('invalid_parameter', 'model must be one of: first_touch, last_touch', { field: 'model' });
}

async function ask(call: LooseCall): Promise<Asked> {
  const id = queryText(call.query, 'goal_id');
  if (!id) throw new Problem('invalid_parameter', 'goal_id is required', { field: 'goal_id' });
  const headers = pastHeaders(call, id);
  const goal = await findListed(call, id);
  const model = readModel(call);
  // The product answers at query time, so what it has acknowledged counts.
  const query = await askStats({ ...call, query: { ...call.query, fresh: 'true' } }, ['goal_id', 'model']);
  const scope = { goal, query, by: 'source' as const, model: MODELS[model], window_days: WINDOW_DAYS };
  return { goal, headers, model, found: await attribution(call.backend.store, siteOfCall(call).number, scope) };
}

/** One number, as the product has it: what is left after refunds, in the goal's own currency alone. */
function moneyOf({ goal }: Asked, revenue: readonly Revenue[]): number {
  const currency = writeSparklyticsGoal(goal, '')?.currency;
  return Number(revenue.find((sum) => sum.currency === currency)?.net ?? 0);
}

function totalsOf(asked: Asked) {
  const { rows } = asked.found;
  return {
    conversions: rows.reduce((sum, row) => sum + row.conversions, 0),
    // Cents of many rows, added as floats, would drift.
    revenue: Number(rows.reduce((sum, row) => sum + moneyOf(asked, row.revenue), 0).toFixed(6)),
  };
}

export const ATTRIBUTION_ROUTES: readonly Route[] = [
  looseRoute({
    method: 'GET',
    path: `${WEBSITE}/attribution`,
    scope: 'stats:read',
    tag,
    summary: 'Conversions and revenue of a goal by the channel that brought them.',
    async run(call) {
      const asked = await ask(call);
      const totals = totalsOf(asked);
      const rows = asked.found.rows.map((row) => ({
        channel: row.value || 'direct',
        conversions: row.conversions,
        revenue: moneyOf(asked, row.revenue),
        share: Number((row.conversions / totals.conversions).toFixed(4)),
      }));
      return { ...ok({ data: { goal_id: asked.goal.id, model: asked.model, rows, totals } }), headers: asked.headers };
    },
  }),
  looseRoute({
    method: 'GET',
    path: `${WEBSITE}/revenue/summary`,
    scope: 'stats:read',
    tag,
    summary: 'Conversions and revenue of a goal.',
    async run(call) {
      const asked = await ask(call);
      const data = { goal_id: asked.goal.id, model: asked.model, ...totalsOf(asked) };
      return { ...ok({ data }), headers: asked.headers };
    },
  }),
];
