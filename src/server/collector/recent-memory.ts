/** What was accepted within the last minutes, for the answer of a retry. It only informs: the drain decides. */
import { RECENT_MEMORY_MS, REMEMBERED_EVENTS } from '../../core/limits.ts';
import { GenerationMap } from './generation-map.ts';

/** Events and conversions by their keys. */
export class RecentMemory {
  /** Event (UUID) → number of its site; one entry serves an id that two sites have, which only accidents make. */
  readonly #events = new GenerationMap<number>(
    { entries: REMEMBERED_EVENTS, period_ms: RECENT_MEMORY_MS },
    { uuids: true },
  );
  /** Conversion key → id of the event that counted. */
  readonly #keys = new GenerationMap<string>({ entries: REMEMBERED_EVENTS, period_ms: RECENT_MEMORY_MS });

  /** Notes an event; true when it was noted before. */
  noteEvent(id: string, { site, now_ms }: { site: number; now_ms: number }): boolean {
    const known = this.#events.get(id);
    if (known === site) return true;
    if (known === undefined) this.#events.add(id, site, now_ms);
    else this.#events.set(id, site, now_ms);
    return false;
  }

  /** The event was not kept after all; when it comes again it is the first. */
  forgetEvent(id: string): void {
    this.#events.delete(id);
  }

  /** Notes a conversion; true when another event has counted under that key. */
  noteConversion(key: string, event: { id: string; now_ms: number }): boolean {
    const counted = this.#keys.get(key);
    if (counted !== undefined) return counted !== event.id;
    this.#keys.add(key, event.id, event.now_ms);
    return false;
  }

  /** The event that counted under the key was not kept after all. */
  forgetConversion(key: string, id: string): void {
    if (this.#keys.get(key) === id) this.#keys.delete(key);
  }
}
