/** Schemas of statistics in answers. */
import { Type } from '@sinclair/typebox';

const count = Type.Integer();
const maybeNumber = Type.Union([Type.Number(), Type.Null()]);

export const RevenueSchema = Type.Array(
  Type.Object({
    currency: Type.String(),
    total: Type.String({ description: 'Decimal string.' }),
    refunded: Type.String(),
    net: Type.String(),
    average: Type.String(),
  }),
);

export const GoalStatsSchema = Type.Object({
  goal_id: Type.String(),
  start_date: Type.String(),
  end_date: Type.String(),
  timezone: Type.String(),
  as_of: Type.String({ description: 'Everything acknowledged before this moment is counted.' }),
  conversions: count,
  converting_sessions: count,
  converting_visitors: count,
  total_sessions: count,
  total_visitors: count,
  conversion_rate: Type.Number({ description: 'Converting sessions ÷ total sessions, to 4 decimals.' }),
  prev_conversions: maybeNumber,
  prev_conversion_rate: maybeNumber,
  trend_pct: maybeNumber,
  revenue: RevenueSchema,
});
