/** The audit log: one row for every write of the configuration, in the same transaction. */
import { type NamesFor, withActorNames, withSubjectNames } from './actor-names.ts';
import { type ConfigStore, nextNumber, type Write } from './config-store.ts';
import { readCursor } from './cursor.ts';

const PAGE_ROWS = 100;
/** Rows of one statement. */
const ROWS_AT_ONCE = 500;

/** What was done; never a secret. */
export interface AuditEntry {
  /** Who: `key:key_…`, `user:user_…`, `socket`, `setup`. */
  actor: string;
  /** e.g. `goal.update`. */
  action: string;
  site_id: string | null;
  /** Id of what was changed. */
  subject: string;
  detail?: Record<string, unknown>;
}

/** A stored entry. */
export interface AuditRow extends Required<AuditEntry> {
  number: number;
  /** What people call the actor and the subject. */
  actor_name: string;
  subject_name: string;
  /** ms since 1970 UTC. */
  at: number;
}

/** Which entries. */
export interface AuditQuery {
  site_id?: string;
  /** From the answer's `next`. */
  cursor?: string;
  /** 1-1000, default 100. */
  limit?: number;
  /** Whom names are told to, default `program`. */
  reader?: NamesFor;
}

/** Writes an entry as part of `write`: what is rolled back was never done. */
export function recordAudit(write: Write, entry: AuditEntry): Promise<void> {
  return recordAudits(write, [entry]);
}

/** Writes entries in their order, as `recordAudit` does one. */
export async function recordAudits({ tx, at }: Write, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const before = (await nextNumber(tx, 'audit', entries.length)) - entries.length;
  const rows = entries.map(({ detail = {}, ...entry }, index) => ({
    ...entry,
    number: before + index + 1,
    at,
    detail: JSON.stringify(detail),
  }));
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await tx
      .insertInto('audit')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute();
  }
}

/** Reads the log. */
export class AuditLog {
  readonly #store: ConfigStore;

  constructor(store: ConfigStore) {
    this.#store = store;
  }

  /** Newest first. Throws `invalid_parameter` for a cursor that is none. */
  async list({
    site_id,
    cursor,
    limit = PAGE_ROWS,
    reader = 'program',
  }: AuditQuery = {}): Promise<{ audit: AuditRow[]; next: string | null }> {
    const before = readCursor(cursor);
    let query = this.#store.db
      .selectFrom('audit')
      .selectAll()
      .orderBy('number', 'desc')
      .limit(limit + 1);
    if (site_id !== undefined) query = query.where('site_id', '=', site_id);
    if (cursor !== undefined) query = query.where('number', '<', before);
    const rows = await query.execute();
    const audit = rows
      .slice(0, limit)
      .map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> }));
    const { db } = this.#store;
    const named = await withSubjectNames(db, await withActorNames(db, audit, reader), reader);
    return { audit: named, next: rows.length > limit ? String(audit.at(-1)?.number) : null };
  }
}
