/** Fills the stores that are compared, all of them with the same segments. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodeRow } from '../../dist/server/store/event-row.js';
import { DAYS, dayOfRows, START_MS } from './store-data.mjs';

const DAY_MS = 86_400_000;
const SEGMENT_ROWS = 20_000;

/** Loads the seeded days into each store, and adds up how long that took and how much of the processor, the generator excepted. */
export async function fill(engines, folder, events) {
  const file = path.join(folder, 'segment.csv');
  for (const engine of engines) engine.loading = { ms: 0, cpu_ms: 0 };
  for (let day = 0; day < DAYS; day += 1) {
    const rows = dayOfRows(day + 1, { start_ms: START_MS + day * DAY_MS, events: events / DAYS });
    for (let at = 0; at < rows.length; at += SEGMENT_ROWS) {
      writeFileSync(
        file,
        rows
          .slice(at, at + SEGMENT_ROWS)
          .map((row) => encodeRow(row))
          .join(''),
      );
      for (const { store, loading, cpu_ms } of engines) {
        const begun = performance.now();
        const used = cpu_ms();
        await store.load({ id: `bench-${day}-${at}`, path: file });
        loading.ms += performance.now() - begun;
        loading.cpu_ms += cpu_ms() - used;
      }
    }
    if (day % 10 === 9) console.error(`day ${day + 1} of ${DAYS} is loaded`);
  }
  rmSync(file, { force: true });
}
