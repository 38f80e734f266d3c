/** What a goal that is not saved yet would have counted in the last days: the decisions of a backfill, without writing. */
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { CompiledGoal } from '../../core/match-goal.ts';
import type { Site } from '../../core/site.ts';
import type { EventStore, PastTuple, StoreValue } from '../store/event-store.ts';
import { orderScope } from '../store/judge-tuples.ts';
import type { SqlWords } from '../store/sql-words.ts';
import { bucketSql, bucketsOf } from './buckets.ts';
import { knowsPast, pastRules } from './judge-past.ts';
import { whole } from './stats-sql.ts';
import { dayStart, localDay } from './zone.ts';

/** Local days that are looked at, today among them. */
export const PREVIEW_DAYS = 7;
/** Different combinations of URL, name and so on that are judged, the most frequent first. */
const TUPLES = 20_000;
/** Combinations that convert and can stand in one statement. */
const MET = 5_000;
const JUDGED_AT_ONCE = 500;
const EXAMPLES = 5;
/** Stands in no text: controls are removed from every event. */
const SEPARATOR = '\u001f';

/** What was found. */
export interface PastPreview {
  /** false: what the goal waits for was never recorded, so it counts from its saving on. */
  known: boolean;
  days: { start: string; conversions: number }[];
  conversions: number;
  /** What met the goal most often: a page, or an event's name. */
  examples: { text: string; events: number }[];
  /** false: there was more to look at than a preview does; the counts are at least these. */
  complete: boolean;
}

interface Tuple extends PastTuple {
  events: number;
}

/** Texts of a tuple in the order in which SQL and JS hash them. */
const PARTS = ['name', 'origin', 'url', 'view_kind', 'amount', 'currency', 'props'] as const;
const SEEN = `concat(${PARTS.join(`, '${SEPARATOR}', `)})`;

function hashOf(tuple: Tuple): string {
  return createHash('md5')
    .update(PARTS.map((part) => tuple[part]).join(SEPARATOR))
    .digest('hex');
}

/** The events of the days as rules see them, with what counting asks for. */
function seenSql(
  { sees, name }: ReturnType<typeof pastRules>,
  site: Site,
  { from_ms, to_ms, words }: { from_ms: number; to_ms: number; words: SqlWords },
): { sql: string; params: StoreValue[] } {
  const bots = site.bots === 'include' ? '' : ' AND NOT bot';
  const named = name === undefined ? '' : ' AND name = $1';
  const near = words.near(from_ms, to_ms);
  const traffic = words.wholeTraffic({
    events: `site = ${whole(site.number)} AND ts >= ${whole(from_ms)} AND ts < ${whole(to_ms)}${near}${bots}${named}`,
    sessions: `site = ${whole(site.number)} AND end_ms >= ${whole(from_ms)} AND start_ms < ${whole(to_ms)}`,
  });
  return {
    sql:
      `SELECT ts, id, action, view, session, visitor, order_id, name, origin, coalesce(url, '') AS url, ` +
      `coalesce(view_kind, '') AS view_kind, ${sees.amount ? "coalesce(CAST(amount AS VARCHAR), '')" : "''"} AS amount, ` +
      `${sees.amount ? "coalesce(currency, '')" : "''"} AS currency, ` +
      `${sees.properties ? "coalesce(props, '')" : "''"} AS props FROM (${traffic})`,
    params: name === undefined ? [] : [name],
  };
}

async function judged(tuples: readonly Tuple[], { judge }: ReturnType<typeof pastRules>): Promise<Tuple[]> {
  const met: Tuple[] = [];
  for (const [index, tuple] of tuples.entries()) {
    if (index % JUDGED_AT_ONCE === JUDGED_AT_ONCE - 1) await turn();
    if (judge(tuple)) met.push(tuple);
  }
  return met;
}

/** What people recognise: the page without its query, or the event's name. */
function exampleOf({ name, url }: Tuple): string {
  return name === '$pageview' ? url.replace(/^https?:\/\//, '').replace(/[?#].*$/s, '') : name;
}

function examplesOf(met: readonly Tuple[]): PastPreview['examples'] {
  const sums = new Map<string, number>();
  for (const tuple of met) sums.set(exampleOf(tuple), (sums.get(exampleOf(tuple)) ?? 0) + tuple.events);
  return [...sums]
    .map(([text, events]) => ({ text, events }))
    .sort((a, b) => b.events - a.events || (a.text < b.text ? -1 : 1))
    .slice(0, EXAMPLES);
}

/** Looks at the days up to `now_ms` in the site's zone. */
export async function previewPast(
  store: EventStore,
  { compiled, site }: { compiled: CompiledGoal; site: Site },
  now_ms: number,
): Promise<PastPreview> {
  const today = localDay(site.timezone, now_ms);
  const range = {
    from_ms: dayStart(site.timezone, today - PREVIEW_DAYS + 1),
    to_ms: dayStart(site.timezone, today + 1),
  };
  const { bounds, labels } = bucketsOf(site.timezone, range, 'day');
  const none = { days: labels.map((start) => ({ start, conversions: 0 })), conversions: 0, examples: [] };
  if (!knowsPast(compiled.goal)) return { known: false, ...none, complete: true };
  const rules = pastRules(compiled, site);
  const seen = seenSql(rules, site, { ...range, words: store.words });
  const tuples = await store.query<Tuple>(
    `SELECT ${PARTS.join(', ')}, count(*) AS events FROM (${seen.sql}) GROUP BY ALL ` +
      `ORDER BY events DESC, ${PARTS.join(', ')} LIMIT ${TUPLES + 1}`,
    seen.params,
  );
  const met = await judged(tuples.slice(0, TUPLES), rules);
  const complete = tuples.length <= TUPLES && met.length <= MET;
  if (met.length === 0) return { known: true, ...none, complete };
  const hashes = met.slice(0, MET).map((tuple) => `'${hashOf(tuple)}'`);
  const rows = await store.query<{ bucket: number; conversions: number }>(
    `SELECT ${bucketSql('ts', bounds)} AS bucket, count(*) AS conversions FROM (` +
      `SELECT ${orderScope(rules.count)} AS scope, min(ts) AS ts FROM (${seen.sql}) ` +
      `WHERE ${store.words.md5(SEEN)} IN (${hashes.join(', ')}) GROUP BY scope) GROUP BY bucket`,
    seen.params,
  );
  const counted = new Map(rows.map(({ bucket, conversions }) => [bucket, conversions]));
  const days = labels.map((start, index) => ({ start, conversions: counted.get(index) ?? 0 }));
  const conversions = days.reduce((sum, day) => sum + day.conversions, 0);
  return { known: true, days, conversions, examples: examplesOf(met), complete };
}
