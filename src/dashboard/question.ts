/** What a view asks of the statistics, kept in its address so that it can be bookmarked, shared and gone back from. */
import { COMPARISONS, type Comparison, type Days, daysOf, PRESETS, type PresetId } from './period.ts';

/** Dimensions that a goal can be broken down by and filtered on, with their names. */
export const DIMENSIONS = [
  ['source', 'Source'],
  ['referrer', 'Referrer'],
  ['page', 'Page'],
  ['country', 'Country'],
  ['region', 'Region'],
  ['city', 'City'],
  ['device', 'Device'],
  ['browser', 'Browser'],
  ['os', 'System'],
  ['language', 'Language'],
  ['utm_source', 'UTM source'],
  ['utm_medium', 'UTM medium'],
  ['utm_campaign', 'UTM campaign'],
  ['utm_term', 'UTM term'],
  ['utm_content', 'UTM content'],
  ['hostname', 'Host'],
] as const;
export type Dimension = (typeof DIMENSIONS)[number][0];

/** One value that must hold. */
export interface Filter {
  by: Dimension;
  value: string;
}

/** A question, read from an address. */
export interface Question {
  /** null: own dates. */
  preset: PresetId | null;
  days: Days;
  comparison: Comparison;
  filters: Filter[];
}

const DEFAULT_PRESET: PresetId = '7d';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads the question of an address; what is wrong in it falls back to the default. */
export function questionOf(address: string, today: string): Question {
  const { searchParams } = new URL(address, 'http://localhost');
  const [from, to] = [searchParams.get('from') ?? '', searchParams.get('to') ?? ''];
  const own = DAY.test(from) && DAY.test(to) && from <= to;
  const preset = PRESETS.find(({ id }) => id === searchParams.get('period'))?.id ?? DEFAULT_PRESET;
  return {
    preset: own ? null : preset,
    days: own ? { start: from, end: to } : daysOf(preset, today),
    comparison: COMPARISONS.find(({ id }) => id === searchParams.get('compare'))?.id ?? 'previous',
    filters: DIMENSIONS.flatMap(([by]) => searchParams.getAll(by).map((value) => ({ by, value }))),
  };
}

/** The same address with a changed question. */
export function addressWith(address: string, change: Partial<Question>): string {
  const url = new URL(address, 'http://localhost');
  const params = url.searchParams;
  if (change.preset !== undefined && change.preset !== null) {
    params.delete('from');
    params.delete('to');
    params.set('period', change.preset);
  } else if (change.days !== undefined) {
    params.delete('period');
    params.set('from', change.days.start);
    params.set('to', change.days.end);
  }
  if (change.comparison !== undefined) params.set('compare', change.comparison);
  if (change.filters !== undefined) {
    for (const [by] of DIMENSIONS) params.delete(by);
    for (const { by, value } of change.filters) params.append(by, value);
  }
  const query = params.toString();
  return url.pathname + (query === '' ? '' : `?${query}`);
}

/** The period and comparison of an address alone, to carry them into another view. */
export function carried(address: string): string {
  const { searchParams } = new URL(address, 'http://localhost');
  const kept = new URLSearchParams();
  for (const name of ['period', 'from', 'to', 'compare']) {
    const value = searchParams.get(name);
    if (value !== null) kept.set(name, value);
  }
  const query = kept.toString();
  return query === '' ? '' : `?${query}`;
}

/** The question as query parameters of the API. A value that begins with `!` would negate, so it cannot be asked for. */
export function statsParams(days: Days, filters: readonly Filter[], more: Record<string, string> = {}): string {
  // Every answer of a view waits for the same events, so that its numbers agree.
  const params = new URLSearchParams({ start_date: days.start, end_date: days.end, fresh: 'true', ...more });
  for (const { by, value } of filters) params.append(`filter_${by}`, value);
  return params.toString();
}
