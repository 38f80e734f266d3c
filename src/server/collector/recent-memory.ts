/** What was accepted within the last minutes, for the answer of a retry. It only informs: the drain decides. */
import { RECENT_MEMORY_MS, REMEMBERED_EVENTS } from '../../core/limits.ts';
import { GenerationMap } from './generation-map.ts';

/** Events and conversions by their keys. */
export class RecentMemory {
  readonly #events = new GenerationMap<true>({ entries: REMEMBERED_EVENTS, period_ms: RECENT_MEMORY_MS });
  /** Conversion key → id of the event that counted. */
  readonly #keys = new GenerationMap<string>({ entries: REMEMBERED_EVENTS, period_ms: RECENT_MEMORY_MS });

  /** Notes an event (site and UUID); true when it was noted before. */
  noteEvent(id: string, now_ms: number): boolean {
    if (this.#events.get(id)) return true;
    this.#events.set(id, true, now_ms);
    return false;
  }

  /** Notes a conversion; true when another event has counted under that key. */
  noteConversion(key: string, event: { id: string; now_ms: number }): boolean {
    const counted = this.#keys.get(key);
    if (counted !== undefined) return counted !== event.id;
    this.#keys.set(key, event.id, event.now_ms);
    return false;
  }
}
