/** What differs between the databases of a configuration store. */
import type { Dialect, RawBuilder } from 'kysely';

/** A database, opened. */
export interface ConfigEngine {
  /** How Kysely speaks to it. */
  dialect: Dialect;
  /** Statement that removes what the database may still hold of deleted salts. */
  forgetSalts: RawBuilder<unknown>;
  /** Statement that writes a copy of the whole database to a new file; null: the database has tools of its own. */
  copyTo: ((path: string) => RawBuilder<unknown>) | null;
}
