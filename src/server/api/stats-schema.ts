/** Schemas of statistics in answers. */
import { Type } from '@sinclair/typebox';

const count = Type.Integer();
const maybe = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

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
  prev_conversions: maybe('Of as many days right before; null without traffic.'),
  prev_conversion_rate: maybe('null without sessions.'),
  trend_pct: maybe('Change of the rate in percent, to 2 decimals; null without anything to compare with.'),
  revenue: RevenueSchema,
  past_pending: Type.Boolean({
    description: 'true: what was recorded before the goal was saved is still being counted.',
  }),
});

const rows = { conversions: count, converting_sessions: count, total_sessions: count, conversion_rate: Type.Number() };

export const TimeseriesSchema = Type.Object({
  interval: Type.String(),
  timezone: Type.String(),
  as_of: Type.String(),
  points: Type.Array(
    Type.Object({ start: Type.String(), from_ms: count, to_ms: count, ...rows, revenue: RevenueSchema }),
  ),
});

export const BreakdownSchema = Type.Object({
  by: Type.String(),
  as_of: Type.String(),
  rows: Type.Array(Type.Object({ value: Type.Union([Type.String(), Type.Null()]), ...rows, revenue: RevenueSchema })),
  next: Type.Union([count, Type.Null()], { description: 'Offset of the next page.' }),
});

export const AttributionSchema = Type.Object({
  by: Type.String(),
  model: Type.String(),
  as_of: Type.String(),
  rows: Type.Array(
    Type.Object({ value: Type.String(), conversions: count, converting_visitors: count, revenue: RevenueSchema }),
  ),
});

export const FunnelSchema = Type.Object({
  per: Type.String(),
  as_of: Type.String(),
  steps: Type.Array(
    Type.Object({ goal_id: Type.String(), reached: count, rate: Type.Number(), step_rate: Type.Number() }),
  ),
});

export const DropsSchema = Type.Object({
  totals: Type.Array(Type.Object({ day: Type.String(), reason: Type.String(), count })),
  samples: Type.Array(Type.Object({ i: Type.String(), reason: Type.String(), at: count })),
});
