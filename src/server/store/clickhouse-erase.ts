/** Erasure in ClickHouse. What an erased row had driven out goes too, else it would count in its place. */

import { SESSION_IDLE_MS } from '../../core/limits.ts';
import type { Claims } from './claims.ts';
import { deleteRows, deleteWhere, type KeyRow, keyParts, sqlUuid } from './clickhouse-delete.ts';
import type { Writing } from './clickhouse-engine.ts';
import type { LoadScope } from './clickhouse-load.ts';
import { AS_WRITTEN, type ClickhouseNode } from './clickhouse-node.ts';
import { onStage, type Stage } from './clickhouse-stage.ts';
import { runsOf } from './clickhouse-words.ts';
import type { Condition } from './erase-events.ts';
import { IS_SOMEBODY } from './event-rules.ts';
import type { EraseReport, EventCondition, Subject } from './event-store.ts';

/** Keys given up at a time. */
const RELEASED_AT_ONCE = 5_000;

/** An unsigned 64-bit decimal as SQL; nothing else may come in here. */
export function sqlUnsigned(id: string): string {
  if (!/^\d{1,20}$/.test(id)) throw new RangeError(`Not an unsigned 64-bit decimal: ${id}`);
  return `toUInt64('${id}')`;
}

/** Events, conversions and refunds of a visitor or an order: the columns are the same. */
export function ofSubject(subject: Subject): Condition {
  return 'visitor' in subject
    ? { sql: `site = ${subject.site} AND visitor = ${sqlUnsigned(subject.visitor)}`, params: [] }
    : { sql: `site = ${subject.site} AND order_id = $1`, params: [subject.order_id] };
}

/** Events that `eraseEvents` means. */
export function ofEvents(condition: EventCondition): Condition {
  const parts = [`site = ${condition.site}`];
  if (condition.name !== undefined) parts.push('name = $1');
  if (condition.visitor !== undefined) parts.push(`visitor = ${sqlUnsigned(condition.visitor)}`);
  if (condition.from_ms !== undefined) parts.push(`ts >= ${condition.from_ms}`);
  if (condition.to_ms !== undefined) parts.push(`ts < ${condition.to_ms}`);
  if (parts.length === 1) throw new RangeError('An erasure needs a condition besides its site.');
  return { sql: parts.join(' AND '), params: condition.name === undefined ? [] : [condition.name] };
}

async function countOf(node: ClickhouseNode, table: string, { sql, params }: Condition): Promise<number> {
  const [row] = await node.ask<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${sql}`, params);
  return row!.n;
}

async function release(claims: Claims, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += RELEASED_AT_ONCE) {
    await claims.release(keys.slice(from, from + RELEASED_AT_ONCE));
  }
}

/** Deletes the conversions that a condition holds for, with their claims and whatever they stand before; answers how many. */
export async function deleteConversions({ writing, claims }: LoadScope, condition: Condition): Promise<number> {
  const { node } = writing;
  const text = `SELECT site, goal, generation, toString(key) AS key, toString(event) AS event FROM conversions`;
  const where = `WHERE ${condition.sql}`;
  const counted = await node.ask<KeyRow & { event: string }>(`${text} ${where}`, condition.params);
  const keys = new Set(counted.map(({ key }) => key));
  const settings = AS_WRITTEN;
  const hidden = await node.ask<KeyRow & { event: string }>(`${text} ${where}`, condition.params, { settings });
  // Given up first: should this end here, the rows are still found the next time.
  await release(claims, [...keys]);
  await writing.atOnce(async () => {
    await deleteRows(node, counted.map(keyParts));
    const others = hidden.filter(({ key }) => !keys.has(key));
    await deleteRows(
      node,
      others.map((row) => [...keyParts(row), sqlUuid(row.event)]),
    );
  });
  return counted.length;
}

/** Makes a table of the sessions, and visitors without one, that events belong to; answers how many runs those have now. */
async function affectedBy(stage: Stage, site: number, events: Condition): Promise<() => Promise<number>> {
  const affected = await stage.table('affected', { session: 'UInt64', visitor: 'UInt64', lone: 'Bool' });
  await stage.node.tell(
    `INSERT INTO ${affected} SELECT DISTINCT coalesce(session, 0), coalesce(visitor, 0), session IS NULL FROM events
     WHERE ${events.sql} AND ${IS_SOMEBODY}`,
    events.params,
  );
  const who =
    `site = ${site} AND (session GLOBAL IN (SELECT session FROM ${affected} WHERE NOT lone) ` +
    `OR (session IS NULL AND visitor GLOBAL IN (SELECT visitor FROM ${affected} WHERE lone)))`;
  return () => countOf(stage.node, `(${runsOf('events', who)})`, { sql: 'true', params: [] });
}

/** Removes events and whatever came of them; `conversions` adds rows to remove that no such event made. */
export function eraseFrom(
  scope: LoadScope,
  what: { site: number; events: Condition; conversions?: Condition },
): Promise<EraseReport> {
  return onStage(scope.writing.node, (stage) => eraseOnStage(stage, scope, what));
}

async function eraseOnStage(
  stage: Stage,
  scope: LoadScope,
  { site, events, conversions }: { site: number; events: Condition; conversions?: Condition },
): Promise<EraseReport> {
  const { node } = stage;
  const runs = await affectedBy(stage, site, events);
  const before = await runs();
  const made = `site = ${site} AND event IN (SELECT id FROM events WHERE ${events.sql})`;
  const sql = conversions ? `(${made}) OR (${conversions.sql})` : made;
  const deleted = await deleteConversions(scope, {
    sql,
    params: events.params.length > 0 ? events.params : (conversions?.params ?? []),
  });
  const count = await countOf(node, 'events', events);
  await scope.writing.atOnce(() => deleteWhere(node, 'events', events));
  return { events: count, conversions: deleted, sessions: before - (await runs()) };
}

/** Everything of a visitor or an order. */
export function eraseOf(scope: LoadScope, subject: Subject): Promise<EraseReport> {
  const all = ofSubject(subject);
  return eraseFrom(scope, { site: subject.site, events: all, conversions: all });
}

/** What is older than a time. Claims stay, so that an order cannot count twice however long ago it was. */
export async function eraseOlder(
  { node, atOnce }: Writing,
  { condition, before_ms }: { condition: string; before_ms: number },
): Promise<EraseReport> {
  const old: Condition = { sql: `${condition} AND ts < ${before_ms}`, params: [] };
  const around = `${condition} AND ts < ${before_ms + SESSION_IDLE_MS}`;
  const report = {
    events: await countOf(node, 'events', old),
    conversions: await countOf(node, 'conversions', old),
    sessions: await countOf(node, `(${runsOf('events', around)})`, { sql: `end_ms < ${before_ms}`, params: [] }),
  };
  // Rows that an earlier one has driven out and that are younger than this would come to light.
  const hiding = await node.ask<KeyRow>(
    `SELECT site, goal, generation, toString(key) AS key FROM conversions WHERE ${condition}
     GROUP BY site, goal, generation, key HAVING count(*) > 1 AND min(ts) < ${before_ms} AND max(ts) >= ${before_ms}`,
    [],
    { settings: { ...AS_WRITTEN, optimize_aggregation_in_order: 1 } },
  );
  if (report.events + report.conversions + hiding.length === 0) return report;
  await atOnce(async () => {
    await deleteRows(node, hiding.map(keyParts));
    await deleteWhere(node, 'conversions', old);
    await deleteWhere(node, 'events', old);
  });
  return report;
}
