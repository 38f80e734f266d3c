/** A real store in a temporary folder, and segments written the way the journal writes them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckdbStore } from '../../../src/server/store/duckdb-store.ts';
import { type EventRow, encodeRow } from '../../../src/server/store/event-row.ts';
import type { LoadReport } from '../../../src/server/store/event-store.ts';

/** A store and its folder. */
export interface OpenedStore {
  store: DuckdbStore;
  folder: string;
  /** Loads rows as one new segment. */
  load: (rows: readonly EventRow[], id?: string) => Promise<LoadReport>;
  /** Closes and removes everything. */
  dispose: () => Promise<void>;
}

/** Opens an empty store. */
export async function openTestStore(): Promise<OpenedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'goalpost-store-'));
  const store = new DuckdbStore({ path: join(folder, 'events.duckdb'), threads: 1 });
  await store.open();
  let segments = 0;
  return {
    store,
    folder,
    load: (rows, id) => {
      segments += 1;
      const path = join(folder, `segment-${segments}.csv`);
      writeFileSync(path, rows.map((row) => encodeRow(row)).join(''));
      return store.load({ id: id ?? `test-${segments}`, path });
    },
    dispose: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
