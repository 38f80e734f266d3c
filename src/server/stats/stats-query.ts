/** What a question about statistics asks: the period in a zone's days, the filters, bots. Unknown input is refused by name. */
import { Problem } from '../../core/problem.ts';
import type { Site } from '../../core/site.ts';
import { filterValues } from './filter-value.ts';
import { dayFromText, dayStart, dayText, localDay, zoneNamed } from './zone.ts';

/** Filters by their parameter's name without `filter_`, and the column each looks at. */
export const FILTER_COLUMNS = {
  country: 'country',
  region: 'region',
  city: 'city',
  page: 'path',
  hostname: 'hostname',
  referrer: 'referrer_host',
  source: 'source',
  browser: 'browser',
  os: 'os',
  device: 'device',
  language: 'language',
  utm_source: 'utm_source',
  utm_medium: 'utm_medium',
  utm_campaign: 'utm_campaign',
  utm_term: 'utm_term',
  utm_content: 'utm_content',
} as const;
export type FilterName = keyof typeof FILTER_COLUMNS;

/** A goal as the event store knows it. */
export interface GoalRef {
  /** The goal's number. */
  number: number;
  /** Generation whose rows count. */
  generation: number;
}

/** One dimension: any of `is` (when there are some), and none of `is_not`. */
export interface Filter {
  by: FilterName;
  is: string[];
  is_not: string[];
}

/** Sessions in which a goal was converted within the period; the same reading of `is` and `is_not`. */
export interface GoalFilter {
  is: GoalRef[];
  is_not: GoalRef[];
}

/** A question, complete. Times are ms since 1970 UTC, intervals half-open. */
export interface StatsQuery {
  timezone: string;
  /** First and last local day, inclusive, `2026-01-31`. */
  start_date: string;
  end_date: string;
  from_ms: number;
  to_ms: number;
  /** Where the period of as many local days right before begins; it ends at `from_ms`. */
  previous_from_ms: number;
  filters: Filter[];
  goals: GoalFilter;
  include_bots: boolean;
  /** Everything acknowledged before this moment is counted, ISO 8601 UTC. */
  as_of: string;
}

/** What the reading of parameters needs besides them. */
export interface StatsContext {
  now_ms: number;
  /** Receipt of the oldest event that is acknowledged and not in the store yet; absent: everything is. */
  as_of_ms?: number;
  /** Finds a goal of the site by id, key or name; undefined is refused as an unknown goal. */
  findGoal: (ref: string) => GoalRef | undefined;
  /** Names of parameters that belong to the route and not to this reader. */
  also?: readonly string[];
}

/** Query parameters as the router gives them; a repeated one is a list. */
export type Params = Record<string, string | readonly string[] | undefined>;

const OWN = ['start_date', 'end_date', 'timezone', 'include_bots'];
const DEFAULT_DAYS = 7;
/** Dates outside these years are typing errors, and `Intl` would have to work through every year between. */
const [FIRST_DATE, LAST_DATE] = ['1970-01-02', '2199-12-30'];
const FIRST_DAY = dayFromText(FIRST_DATE)!;
const LAST_DAY = dayFromText(LAST_DATE)!;

function invalid(field: string, message: string): Problem {
  return new Problem('invalid_parameter', message, { field });
}

/** All values of a parameter. */
function valuesOf(params: Params, name: string): readonly string[] {
  const value = params[name];
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function single(params: Params, name: string): string | undefined {
  const values = valuesOf(params, name);
  if (values.length > 1) throw invalid(name, `${name} may stand once only.`);
  return values[0];
}

function readDay(params: Params, name: string): number | undefined {
  const text = single(params, name);
  if (text === undefined) return undefined;
  const day = dayFromText(text);
  if (day === undefined || day < FIRST_DAY || day > LAST_DAY) {
    throw invalid(name, `${name} must be a date as 2026-01-31, from ${FIRST_DATE} to ${LAST_DATE}.`);
  }
  return day;
}

/** The period of two days in a zone, both inclusive. */
export function periodOf(
  timezone: string,
  first: number,
  last: number,
): Pick<StatsQuery, 'timezone' | 'start_date' | 'end_date' | 'from_ms' | 'to_ms' | 'previous_from_ms'> {
  return {
    timezone,
    start_date: dayText(first),
    end_date: dayText(last),
    from_ms: dayStart(timezone, first),
    to_ms: dayStart(timezone, last + 1),
    previous_from_ms: dayStart(timezone, first - (last - first + 1)),
  };
}

/** The period that `start_date`, `end_date` and `timezone` ask for. Throws `invalid_parameter`. */
export function readPeriod(params: Params, defaultZone: string, now_ms: number): ReturnType<typeof periodOf> {
  const asked = single(params, 'timezone') ?? defaultZone;
  const timezone = zoneNamed(asked);
  if (timezone === undefined) throw invalid('timezone', `"${asked}" is no IANA time zone, as Europe/Berlin is.`);
  const today = localDay(timezone, now_ms);
  const start = readDay(params, 'start_date');
  const last = readDay(params, 'end_date') ?? Math.max(today, start ?? today);
  const first = start ?? last - (DEFAULT_DAYS - 1);
  if (last < first) throw invalid('end_date', 'end_date must not be before start_date.');
  return periodOf(timezone, first, last);
}

/** Splits `a`, `!b`, … into what must and what must not be. */
function readSigns(values: readonly string[]): { is: string[]; is_not: string[] } {
  const is: string[] = [];
  const is_not: string[] = [];
  for (const value of values) {
    if (value.startsWith('!')) is_not.push(value.slice(1));
    else is.push(value);
  }
  return { is, is_not };
}

function readFilters(params: Params): Filter[] {
  const filters: Filter[] = [];
  for (const by of Object.keys(FILTER_COLUMNS) as FilterName[]) {
    const values = valuesOf(params, `filter_${by}`);
    if (values.length === 0) continue;
    const { is, is_not } = readSigns(values);
    const stored = (signed: string[]) => [...new Set(signed.flatMap((value) => filterValues(by, value)))];
    filters.push({ by, is: stored(is), is_not: stored(is_not) });
  }
  return filters;
}

function readGoals(params: Params, findGoal: StatsContext['findGoal']): GoalFilter {
  const signs = readSigns(valuesOf(params, 'filter_goal'));
  const find = (ref: string): GoalRef => {
    const goal = findGoal(ref);
    if (!goal) throw invalid('filter_goal', `The site has no goal "${ref}".`);
    return goal;
  };
  return { is: signs.is.map(find), is_not: signs.is_not.map(find) };
}

function readBots(params: Params, site: Pick<Site, 'bots'>): boolean {
  const text = single(params, 'include_bots');
  if (text === undefined) return site.bots === 'include';
  if (text !== 'true' && text !== 'false') throw invalid('include_bots', 'include_bots must be true or false.');
  return text === 'true';
}

/** Reads the parameters of a question. Throws Problem `invalid_parameter` with the parameter's name as field. */
export function parseStatsQuery(
  params: Params,
  site: Pick<Site, 'timezone' | 'bots'>,
  context: StatsContext,
): StatsQuery {
  for (const name of Object.keys(params)) {
    const filter = name.startsWith('filter_') ? name.slice('filter_'.length) : undefined;
    const known =
      filter === undefined
        ? OWN.includes(name) || context.also?.includes(name)
        : filter === 'goal' || Object.hasOwn(FILTER_COLUMNS, filter);
    if (!known) throw invalid(name, `The parameter ${name} is unknown here.`);
  }
  return {
    ...readPeriod(params, site.timezone, context.now_ms),
    filters: readFilters(params),
    goals: readGoals(params, context.findGoal),
    include_bots: readBots(params, site),
    as_of: new Date(context.as_of_ms ?? context.now_ms).toISOString(),
  };
}
