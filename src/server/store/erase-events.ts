/** Erasure: events go with their conversions and claims, and the sessions are worked out again from what is left. */
import type { Run } from './duckdb-engine.ts';
import { wholeEvents } from './event-rules.ts';
import type { EraseReport, EventCondition, StoreValue, Subject } from './event-store.ts';
import { insertJoined } from './load-sessions.ts';

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

/** Events that a visitor made: those of sessions have their visitor there. */
function madeBy(site: number, visitor: string): string {
  const id = unsigned(visitor);
  return `(visitor = ${id} OR session IN (SELECT session FROM sessions WHERE site = ${site} AND visitor = ${id}))`;
}

/** Events of a visitor or an order. */
export function eventsOf(subject: Subject): Condition {
  return 'visitor' in subject
    ? { sql: `site = ${subject.site} AND ${madeBy(subject.site, subject.visitor)}`, params: [] }
    : { sql: `site = ${subject.site} AND order_id = $1`, params: [subject.order_id] };
}

/** Conversions and refunds of a visitor or an order. */
export function conversionsOf(subject: Subject): Condition {
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
  if (condition.visitor !== undefined) parts.push(madeBy(condition.site, condition.visitor));
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

/** Keeps in a table `remaining` what stays of the sessions in `affected`, put together before anything is deleted. */
async function keepRemaining(run: Run, stays: string): Promise<void> {
  const sessions = 'session IN (SELECT session FROM affected)';
  const alone = 'session IS NULL AND visitor IN (SELECT visitor FROM affected WHERE session IS NULL)';
  const events = `(${sessions} OR (${alone})) AND ${stays}`;
  await run(`CREATE OR REPLACE TEMP TABLE remaining AS ${wholeEvents({ events, sessions })}`);
}

/** Works out anew the runs of the sessions in `affected` from `remaining`; answers how many runs fewer there are. */
async function rebuildSessions(run: Run): Promise<number> {
  const before = await deleted(
    run,
    `DELETE FROM sessions WHERE rowid IN (SELECT t.rowid FROM sessions t JOIN affected a ON t.site = a.site AND
       (t.session = a.session OR (t.session IS NULL AND a.session IS NULL AND t.visitor = a.visitor)))`,
  );
  await run('CREATE OR REPLACE TEMP TABLE continued AS SELECT rowid AS row_place, * FROM sessions LIMIT 0');
  await run(
    `CREATE OR REPLACE TEMP TABLE staying AS SELECT r.* FROM remaining r SEMI JOIN affected a ON r.site = a.site AND
       (r.session = a.session OR (r.session IS NULL AND a.session IS NULL AND r.visitor = a.visitor))`,
  );
  return before - (await insertJoined(run, 'staying'));
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
  await keepRemaining(run, '(site, id) NOT IN (SELECT (site, id) FROM doomed)');
  const made = '(site, event) IN (SELECT (site, id) FROM doomed)';
  const condition = conversions ? `(${made}) OR (${conversions.sql})` : made;
  const params = conversions?.params ?? [];
  await run(`DELETE FROM claims WHERE key IN (SELECT key FROM conversions WHERE ${condition})`, params);
  const report = {
    conversions: await deleted(run, `DELETE FROM conversions WHERE ${condition}`, params),
    events: await deleted(run, 'DELETE FROM events WHERE (site, id) IN (SELECT (site, id) FROM doomed)'),
  };
  return { ...report, sessions: await rebuildSessions(run) };
}

/** Everything of a visitor or an order. */
export function eraseSubject(run: Run, subject: Subject): Promise<EraseReport> {
  return eraseEvents(run, eventsOf(subject), conversionsOf(subject));
}

/**
 * What is older than a time: whole runs go, those that span it are cut. Claims stay, so that an order cannot count twice
 * however long ago it was; they hold nothing but a hash.
 */
export async function eraseBefore(run: Run, scope: { condition: string; before_ms: number }): Promise<EraseReport> {
  const { condition, before_ms } = scope;
  await run(
    `CREATE OR REPLACE TEMP TABLE affected AS SELECT DISTINCT site, session, visitor FROM sessions
     WHERE ${condition} AND start_ms < ${before_ms} AND end_ms >= ${before_ms}`,
  );
  await keepRemaining(run, `ts >= ${before_ms}`);
  const events = await deleted(run, `DELETE FROM events WHERE ${condition} AND ts < ${before_ms}`);
  const conversions = await deleted(run, `DELETE FROM conversions WHERE ${condition} AND ts < ${before_ms}`);
  const sessions = await deleted(run, `DELETE FROM sessions WHERE ${condition} AND end_ms < ${before_ms}`);
  return { events, conversions, sessions: sessions + (await rebuildSessions(run)) };
}
