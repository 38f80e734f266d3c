/** Counts what was not taken or not counted, by site, day and reason; the totals survive restarts. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { DropReason } from '../../core/beacon.ts';

const DAY_MS = 86_400_000;
const DAYS_KEPT = 31;
const SAVE_MS = 10_000;
const SAMPLES = 100;

/** How many of one reason on one day. */
export interface DropTotal {
  /** `YYYY-MM-DD` in UTC. */
  day: string;
  reason: DropReason;
  count: number;
}

/** One dropped event, for the live view. */
export interface DropSample {
  /** The site's number. */
  site: number;
  /** Id of the event as it was sent. */
  id: string;
  reason: DropReason;
  at_ms: number;
}

/** Days in UTC, `YYYY-MM-DD`, both inclusive. */
export interface Days {
  start_date: string;
  end_date: string;
}

/** What is known of one site's drops. */
export interface SiteDrops {
  /** Newest day first. */
  totals: DropTotal[];
  /** The last ones, newest first. */
  samples: DropSample[];
}

type Reasons = Partial<Record<DropReason, number>>;
/** site → day → reason → count */
type Totals = Record<string, Record<string, Reasons>>;

/** Daily totals in a small file, written every few seconds; a crash loses at most those. */
export class DropCounters {
  readonly #path: string;
  readonly #onFailure: (error: unknown) => void;
  #totals = new Map<number, Map<string, Reasons>>();
  #samples = new Map<number, DropSample[]>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(path: string, onFailure: (error: unknown) => void) {
    this.#path = path;
    this.#onFailure = onFailure;
  }

  /** Reads what an earlier run counted; a missing or unreadable file counts from zero. */
  async open(): Promise<void> {
    let totals: Totals;
    try {
      totals = JSON.parse(await readFile(this.#path, 'utf8')) as Totals;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#onFailure(error);
      return;
    }
    for (const [site, days] of Object.entries(totals)) this.#totals.set(Number(site), new Map(Object.entries(days)));
  }

  /** Counts one event and keeps it as a sample. */
  add(sample: DropSample): void {
    this.count(sample.site, { reason: sample.reason, count: 1, at_ms: sample.at_ms });
    this.sample(sample);
  }

  /** Keeps a sample of what was counted already. */
  sample(sample: DropSample): void {
    const samples = this.#samples.get(sample.site);
    if (!samples) this.#samples.set(sample.site, [sample]);
    else if (samples.push(sample) > 2 * SAMPLES) samples.splice(0, SAMPLES);
  }

  /** Counts without a sample. */
  count(site: number, total: { reason: DropReason; count: number; at_ms: number }): void {
    const day = dayOf(total.at_ms);
    let days = this.#totals.get(site);
    if (!days) {
      days = new Map();
      this.#totals.set(site, days);
    }
    let reasons = days.get(day);
    if (!reasons) {
      reasons = {};
      days.set(day, reasons);
      forget(days, total.at_ms);
    }
    reasons[total.reason] = (reasons[total.reason] ?? 0) + total.count;
    this.#timer ??= setTimeout(() => this.#save(), SAVE_MS).unref();
  }

  /** Those of some days; without, all that is kept. */
  of(site: number, days?: Days): SiteDrops {
    const asked = (day: string) => days === undefined || (days.start_date <= day && day <= days.end_date);
    const totals: DropTotal[] = [];
    for (const [day, reasons] of this.#totals.get(site) ?? []) {
      if (!asked(day)) continue;
      for (const [reason, count] of Object.entries(reasons)) totals.push({ day, reason: reason as DropReason, count });
    }
    totals.sort((a, b) => (a.day === b.day ? b.count - a.count : a.day < b.day ? 1 : -1));
    const samples = (this.#samples.get(site) ?? []).filter(({ at_ms }) => asked(dayOf(at_ms)));
    return { totals, samples: samples.slice(-SAMPLES).reverse() };
  }

  /** Writes the totals a last time. */
  async close(): Promise<void> {
    if (this.#timer) this.#save();
    await this.#saving;
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const totals: Totals = {};
    for (const [site, days] of this.#totals) totals[site] = Object.fromEntries(days);
    const text = JSON.stringify(totals);
    this.#saving = this.#saving.then(() => this.#write(text)).catch(this.#onFailure);
  }

  async #write(text: string): Promise<void> {
    await writeFile(`${this.#path}.new`, text);
    await rename(`${this.#path}.new`, this.#path);
  }
}

function dayOf(at_ms: number): string {
  return new Date(at_ms).toISOString().slice(0, 10);
}

function forget(days: Map<string, Reasons>, now_ms: number): void {
  const first = dayOf(now_ms - DAYS_KEPT * DAY_MS);
  for (const day of days.keys()) if (day < first) days.delete(day);
}
