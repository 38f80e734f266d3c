/** The claims of an event store that several collectors write to: rows that all of them see, one for each key. */

import type { Transaction } from 'kysely';
import type { ConfigSchema } from './config-schema.ts';
import { type ConfigStore, nextNumber } from './config-store.ts';

/** Who holds a key: `Claim` of the event store. */
interface ClaimRow {
  key: string;
  event: string;
  ts: number;
}

/** Rows of one statement: both databases bound the number of parameters. */
const AT_ONCE = 1_000;

function* parts<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < list.length; from += AT_ONCE) yield list.slice(from, from + AT_ONCE);
}

/** `Claims` of the event store, by rows of the configuration. */
export class ClaimRows {
  readonly #store: ConfigStore;

  constructor(store: ConfigStore) {
    this.#store = store;
  }

  /** Claims keys; see `Claims`. In the order of keys, so that two who claim the same never wait for one another. */
  async claim(claims: readonly ClaimRow[]): Promise<{ before: Map<string, ClaimRow>; now: Map<string, ClaimRow> }> {
    const sorted = [...claims].sort((a, b) => (a.key < b.key ? -1 : 1));
    const before = new Map<string, ClaimRow>();
    const now = new Map<string, ClaimRow>();
    for (const part of parts(sorted)) {
      await this.#store.write(async ({ tx }) => {
        for (const row of await holders(tx, part)) before.set(row.key, row);
        await insertEarlier(tx, part);
        for (const row of await holders(tx, part)) now.set(row.key, row);
      });
    }
    return { before, now };
  }

  /** Gives keys up. */
  async release(keys: readonly string[]): Promise<void> {
    for (const part of parts(keys)) {
      await this.#store.write(({ tx }) => tx.deleteFrom('claims').where('key', 'in', part).execute());
    }
  }

  /** Claims after a key in the order of keys, at most so many. */
  page(after: string, limit: number): Promise<ClaimRow[]> {
    return this.#store.db
      .selectFrom('claims')
      .selectAll()
      .where('key', '>', after)
      .orderBy('key')
      .limit(limit)
      .execute();
  }

  /** Runs work while nobody else runs any: the counter's row stays locked until the transaction ends. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#store.write(async ({ tx }) => {
      await nextNumber(tx, 'alone');
      return work();
    });
  }
}

/** Who holds some keys. */
function holders(tx: Transaction<ConfigSchema>, claims: readonly ClaimRow[]): Promise<ClaimRow[]> {
  const keys = claims.map(({ key }) => key);
  return tx.selectFrom('claims').selectAll().where('key', 'in', keys).execute();
}

/** The earlier of two events, and of two at one moment that of the smaller id, holds a key. */
async function insertEarlier(tx: Transaction<ConfigSchema>, claims: readonly ClaimRow[]): Promise<void> {
  await tx
    .insertInto('claims')
    .values(claims)
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet((eb) => ({ event: eb.ref('excluded.event'), ts: eb.ref('excluded.ts') }))
        .where((eb) =>
          eb.or([
            eb('excluded.ts', '<', eb.ref('claims.ts')),
            eb.and([eb('excluded.ts', '=', eb.ref('claims.ts')), eb('excluded.event', '<', eb.ref('claims.event'))]),
          ]),
        ),
    )
    .execute();
}
