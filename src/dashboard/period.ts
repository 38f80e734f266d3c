/** Periods: presets with a key each, and the days they mean in a site's time zone. */

/** One preset; `day` counts back from today. */
interface Preset {
  id: string;
  /** The key that chooses it. */
  key: string;
  name: string;
}

export const PRESETS = [
  { id: 'today', key: 'd', name: 'Today' },
  { id: 'yesterday', key: 'e', name: 'Yesterday' },
  { id: '7d', key: 'w', name: 'Last 7 days' },
  { id: '30d', key: 't', name: 'Last 30 days' },
  { id: 'month', key: 'm', name: 'Month to date' },
  { id: '90d', key: 'q', name: 'Last 90 days' },
  { id: 'year', key: 'y', name: 'Year to date' },
  { id: '12m', key: 'l', name: 'Last 12 months' },
] as const satisfies readonly Preset[];
export type PresetId = (typeof PRESETS)[number]['id'];

export const COMPARISONS = [
  { id: 'previous', name: 'Previous period' },
  { id: 'year', name: 'Year before, same weekdays' },
  { id: 'none', name: 'No comparison' },
] as const;
export type Comparison = (typeof COMPARISONS)[number]['id'];

/** First and last day, inclusive, `2026-01-31`. */
export interface Days {
  start: string;
  end: string;
}

/** Today in a time zone. */
export function today(timezone: string, now_ms: number): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(now_ms);
}

/** A day so many days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** How many days a period has. */
export function lengthOf({ start, end }: Days): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / 86_400_000) + 1;
}

/** The days of a preset. */
export function daysOf(preset: PresetId, day: string): Days {
  switch (preset) {
    case 'today':
      return { start: day, end: day };
    case 'yesterday':
      return { start: addDays(day, -1), end: addDays(day, -1) };
    case '7d':
      return { start: addDays(day, -6), end: day };
    case '30d':
      return { start: addDays(day, -29), end: day };
    case '90d':
      return { start: addDays(day, -89), end: day };
    case 'month':
      return { start: `${day.slice(0, 7)}-01`, end: day };
    case 'year':
      return { start: `${day.slice(0, 4)}-01-01`, end: day };
    case '12m':
      return { start: addDays(day, -364), end: day };
  }
}

/** The days to compare with; a year before is 52 weeks, so that weekdays meet their like. */
export function comparedDays(days: Days, comparison: Exclude<Comparison, 'none'>): Days {
  const back = comparison === 'year' ? 364 : lengthOf(days);
  return { start: addDays(days.start, -back), end: addDays(days.end, -back) };
}

/** The interval that makes a chart of the period readable. */
export function intervalOf(days: Days): 'hour' | 'day' | 'week' | 'month' {
  const length = lengthOf(days);
  if (length <= 2) return 'hour';
  if (length <= 92) return 'day';
  return length <= 400 ? 'week' : 'month';
}
