/** Erasure: events go with their conversions and claims, and the sessions are worked out again from what is left. */
import type { Run } from './duckdb-engine.ts';
import type { EraseReport, EventCondition, StoreValue, Subject } from './event-store.ts';
import { insertJoined, singleRuns } from './load-sessions.ts';

/** An unsigned 64-bit decimal as SQL; nothing else may come in here. */
export function unsigned(id: string): string {
  if (!/^\d{1,20}$/.test(id)) throw new RangeError(`Not an unsigned 64-bit decimal: ${id}`);
  return `CAST(${id} AS UBIGINT)`;
}

/** A condition on `events` or `conversions` and what it binds. */
export interface Condition {
  sql: string;
  params: StoreValue[];
}

/** Rows of a visitor or an order, in either table. */
export function ofSubject(subject: Subject): Condition {
  return 'visitor' in subject
    ? { sql: `site = ${subject.site} AND visitor = ${unsigned(subject.visitor)}`, params: [] }
    : { sql: `site = ${subject.site} AND order_id = $1`, params: [subject.order_id] };
}

/** Events that `eraseEvents` means. */
export function ofCondition(condition: EventCondition): Condition {
  const parts = [`site = ${condition.site}`];
  const params: StoreValue[] = [];
  if (condition.name !== undefined) {
    params.push(condition.name);
    parts.push('name = $1');
  }
  if (condition.visitor !== undefined) parts.push(`visitor = ${unsigned(condition.visitor)}`);
  if (condition.from_ms !== undefined) parts.push(`ts >= ${condition.from_ms}`);
  if (condition.to_ms !== undefined) parts.push(`ts < ${condition.to_ms}`);
  if (parts.length === 1) throw new RangeError('An erasure needs a condition besides its site.');
  return { sql: parts.join(' AND '), params };
}

/** How many rows a DELETE removed. */
async function deleted(run: Run, text: string, params: readonly StoreValue[] = []): Promise<number> {
  const [row] = await run<{ Count: number }>(text, params);
  return row?.Count ?? 0;
}

/** Works out anew the runs of the sessions in a table `affected`; answers how many runs fewer there are. */
async function rebuildSessions(run: Run): Promise<number> {
  const same =
    'site = a.site AND t.session IS NOT DISTINCT FROM a.session AND t.visitor IS NOT DISTINCT FROM a.visitor';
  const before = await deleted(
    run,
    `DELETE FROM sessions WHERE rowid IN (SELECT t.rowid FROM sessions t JOIN affected a ON t.${same})`,
  );
  await run(`CREATE OR REPLACE TEMP TABLE remaining AS SELECT t.* FROM events t JOIN affected a ON t.${same}`);
  await run(`CREATE OR REPLACE TEMP TABLE pieces AS ${singleRuns('remaining')}`);
  return before - (await insertJoined(run));
}

/** Removes events and whatever came of them; `conversions` adds rows to remove that no such event made. */
export async function eraseEvents(run: Run, events: Condition, conversions?: Condition): Promise<EraseReport> {
  await run(
    `CREATE OR REPLACE TEMP TABLE doomed AS SELECT site, id, session, visitor FROM events WHERE ${events.sql}`,
    events.params,
  );
  await run(
    `CREATE OR REPLACE TEMP TABLE affected AS SELECT DISTINCT site, session, visitor FROM doomed
     WHERE session IS NOT NULL OR visitor IS NOT NULL`,
  );
  const made = '(site, event) IN (SELECT (site, id) FROM doomed)';
  const condition = conversions ? `(${made}) OR (${conversions.sql})` : made;
  const params = conversions?.params ?? [];
  await run(`DELETE FROM claims WHERE key IN (SELECT key FROM conversions WHERE ${condition})`, params);
  const report = {
    conversions: await deleted(run, `DELETE FROM conversions WHERE ${condition}`, params),
    events: await deleted(run, `DELETE FROM events WHERE ${events.sql}`, events.params),
  };
  return { ...report, sessions: await rebuildSessions(run) };
}

/** Everything of a visitor or an order. */
export function eraseSubject(run: Run, subject: Subject): Promise<EraseReport> {
  return eraseEvents(run, ofSubject(subject), ofSubject(subject));
}

/**
 * What is older than a time: whole runs go, those that span it are cut. Claims stay, so that an order cannot count twice
 * however long ago it was; they hold nothing but a hash.
 */
export async function eraseBefore(run: Run, scope: { condition: string; before_ms: number }): Promise<EraseReport> {
  const { condition, before_ms } = scope;
  const events = await deleted(run, `DELETE FROM events WHERE ${condition} AND ts < ${before_ms}`);
  const conversions = await deleted(run, `DELETE FROM conversions WHERE ${condition} AND ts < ${before_ms}`);
  const sessions = await deleted(run, `DELETE FROM sessions WHERE ${condition} AND end_ms < ${before_ms}`);
  await run(
    `CREATE OR REPLACE TEMP TABLE affected AS SELECT DISTINCT site, session, visitor FROM sessions
     WHERE ${condition} AND start_ms < ${before_ms}`,
  );
  return { events, conversions, sessions: sessions + (await rebuildSessions(run)) };
}
