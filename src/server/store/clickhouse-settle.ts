/** Which candidates for conversions count: each key once, for the event that came first in event time. */
import type { Claim, Claims } from './claims.ts';
import { deleteRows, type KeyRow, keyParts, sqlUuid } from './clickhouse-delete.ts';
import { AS_WRITTEN } from './clickhouse-node.ts';
import type { Stage } from './clickhouse-stage.ts';
import { CLICKHOUSE_WORDS } from './clickhouse-words.ts';
import { type LoadDrop, SESSION_DIMENSIONS } from './event-store.ts';
import { CONVERSION_COLUMNS, type Settled } from './load-conversions.ts';
import type { Span } from './segment-span.ts';

/** The stage's table that `decide` reads; `row` numbers it. */
export const CANDIDATE_COLUMNS: Record<string, string> = {
  row: 'UInt64',
  site: 'UInt32',
  goal: 'UInt32',
  generation: 'UInt32',
  version: 'UInt32',
  key: 'UUID',
  lasting: 'Bool',
  event: 'UUID',
  ts: 'Int64',
  visitor: 'Nullable(UInt64)',
  session: 'Nullable(UInt64)',
  amount: 'Nullable(Int64)',
  currency: 'Nullable(String)',
  order_id: 'Nullable(String)',
  hostname: 'String',
  path: 'String',
  ...Object.fromEntries(SESSION_DIMENSIONS.map((name) => [name, 'String'])),
  bot: 'Bool',
  test: 'Bool',
};

interface Candidate extends Claim {
  row: number;
  site: number;
  goal: number;
  generation: number;
  lasting: boolean;
  ordered: boolean;
}

/** A row that stands, and that an earlier one of the very same moment drives out: ReplacingMergeTree sees no difference. */
interface Driven extends KeyRow {
  event: string;
}

/** What became of candidates, and what is to be done for it. */
export interface Verdict extends Settled {
  /** Numbers of the candidates that do not count. */
  lost: number[];
  driven: Driven[];
}

/** Of no candidates. */
export const NOBODY: Verdict = { conversions: 0, drops: [], lost: [], driven: [] };

/** What `decide` needs. */
export interface DecideScope {
  stage: Stage;
  claims: Claims;
  /** Name of the table with CANDIDATE_COLUMNS. */
  candidates: string;
  span: Span;
}

const isEarlier = (a: Claim, b: Claim): boolean => a.ts < b.ts || (a.ts === b.ts && a.event < b.event);

/** Rows already counted under the keys that can only have been counted weeks before or after. */
async function standingOf({ stage, candidates, span }: DecideScope): Promise<Map<string, Claim>> {
  const [from, to] = [span.min_ts - span.window_ms, span.max_ts + span.window_ms];
  const rows = await stage.node.ask<Claim>(
    `SELECT toString(key) AS key, tupleElement(first, 1) AS ts, tupleElement(first, 2) AS event
     FROM (SELECT key, min((ts, toString(event))) AS first FROM conversions
       WHERE (site, goal, generation, key) GLOBAL IN
         (SELECT site, goal, generation, key FROM ${candidates} WHERE NOT lasting)
       AND ts >= ${from} AND ts <= ${to}${CLICKHOUSE_WORDS.near(from, to + 1)} GROUP BY key)`,
    [],
    { settings: AS_WRITTEN },
  );
  return new Map(rows.map((row) => [row.key, row]));
}

/** Who of the candidates is first under each key. */
function firstOf(candidates: readonly Candidate[]): Map<string, Candidate> {
  const first = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const known = first.get(candidate.key);
    if (!known || isEarlier(candidate, known)) first.set(candidate.key, candidate);
  }
  return first;
}

/** Judges candidates against one another and what stands, and claims keys that are unique for ever. */
export async function decide(scope: DecideScope): Promise<Verdict> {
  const { stage, claims, candidates } = scope;
  const all = await stage.node.ask<Candidate>(
    `SELECT row, site, goal, generation, toString(key) AS key, toString(event) AS event, ts, lasting,
       order_id IS NOT NULL AS ordered FROM ${candidates} ORDER BY row`,
  );
  if (all.length === 0) return NOBODY;
  const first = firstOf(all);
  const standing = all.every(({ lasting }) => lasting) ? new Map<string, Claim>() : await standingOf(scope);
  const wanted = [...first.values()].filter(({ lasting }) => lasting);
  const { before, now } = await claims.claim(wanted.map(({ key, event, ts }) => ({ key, event, ts })));
  const verdict: Verdict = { conversions: 0, drops: [], lost: [], driven: [] };
  // Two generations of a goal are counted apart and told of once.
  const told = new Map<string, LoadDrop>();
  const tell = ({ site, goal, ordered }: Candidate, id: string) =>
    told.set(`${site} ${id} ${goal}`, { site, id, goal, reason: ordered ? 'duplicate_order' : 'already_counted' });
  for (const candidate of all) {
    const { key, lasting, event } = candidate;
    const stands = lasting ? before.get(key) : standing.get(key);
    const isOwn = stands?.event === event;
    const wins =
      first.get(key) === candidate &&
      (lasting ? now.get(key)?.event === event : !stands || isEarlier(candidate, stands));
    // Its own row, of a load that was cut off or a goal applied again; a claim may stand without its row.
    if (isOwn && !(lasting && wins)) verdict.lost.push(candidate.row);
    else if (!wins) {
      verdict.lost.push(candidate.row);
      tell(candidate, event);
    } else if (stands && !isOwn) {
      tell(candidate, stands.event);
      if (stands.ts === candidate.ts) verdict.driven.push({ ...candidate, event: stands.event });
    } else if (!isOwn) verdict.conversions += 1;
  }
  verdict.drops.push(...told.values());
  return verdict;
}

/** Writes what was decided; to be done again with the same outcome. */
export async function insertDecided(stage: Stage, candidates: string, { lost, driven }: Verdict): Promise<void> {
  const losers =
    lost.length === 0
      ? undefined
      : await stage.given(
          'lost',
          { row: 'UInt64' },
          lost.map((row) => [row]),
        );
  const columns = CONVERSION_COLUMNS.split(', ').filter((name) => name !== 'refund' && name !== 'refund_id');
  await stage.node.tell(
    `INSERT INTO conversions (${columns.join(', ')}, refund) SELECT ${columns.join(', ')}, false FROM ${candidates}
     ${losers === undefined ? '' : `WHERE row NOT IN (SELECT row FROM ${losers})`}`,
  );
  await deleteRows(
    stage.node,
    driven.map((row) => [...keyParts(row), sqlUuid(row.event)]),
  );
}
