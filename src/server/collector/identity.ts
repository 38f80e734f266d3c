/** Who sent an event: 64-bit numbers for visitors and sessions, made so that nothing leads back to an address. */
import { hash } from 'node:crypto';
import { REMEMBERED_VISITORS, SESSION_IDLE_MS } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import { GenerationMap } from './generation-map.ts';
import { keyedHash } from './keyed-hash.ts';

const DAY_MS = 86_400_000;
/** The next day's salt is fetched this long before midnight, so that a slow configuration store cuts nothing. */
const AHEAD_MS = 3_600_000;
const RETRY_MS = 5_000;

/** Where salts come from: a row in the configuration store for each day, shared by all collectors. */
export interface SaltSource {
  /** `day` is `YYYY-MM-DD` in UTC. */
  saltFor(day: string): Promise<string>;
}

/** What the default identity is made of. Nothing of it is ever written. */
export interface Sender {
  /** The site's number. */
  site: number;
  address: string;
  user_agent: string;
}

/** First 64 bits of a hexadecimal digest as an unsigned decimal. */
function decimal64(hex: string): string {
  return BigInt(`0x${hex.slice(0, 16)}`).toString();
}

const named = new GenerationMap<string>({ entries: REMEMBERED_VISITORS, period_ms: SESSION_IDLE_MS });

/** Number of a visitor whose id a browser keeps or a server names; the same for ever. */
export function identifiedVisitor(site: number, visitor_id: string): string {
  const text = `v\n${site}\n${visitor_id}`;
  const known = named.get(text);
  if (known !== undefined) return known;
  const visitor = decimal64(hash('sha256', text, 'hex'));
  named.set(text, visitor, 0);
  return visitor;
}

/** Number of a session whose id a browser keeps; two visitors never share one, whatever they send. */
export function identifiedSession(visitor: string, session_id: string): string {
  return decimal64(hash('sha256', `s\n${visitor}\n${session_id}`, 'hex'));
}

/** Number of a session that begins with this event: made from it, so that a repeated event begins no other. */
export function sessionOf(visitor: string, event_id: string): string {
  return decimal64(hash('md5', `${visitor}\n${event_id}`, 'hex'));
}

interface Salt {
  /** Days since 1970. */
  day: number;
  /** HMAC under the day's salt, 64 hexadecimal digits. */
  hash: (text: string) => string;
}

/** Not remembered: looking a long text up in a large map costs as much as hashing it. */
function visitorUnder(salt: Salt, { site, address, user_agent }: Sender): string {
  return decimal64(salt.hash(`${site}\n${address}\n${user_agent}`));
}

/** Makes visitors of addresses and user agents under the day's salt. */
export class Identity {
  readonly #source: SaltSource;
  readonly #onFailure: (error: unknown) => void;
  #salts: Salt[] = [];
  #todayDay = -1;
  #timer: NodeJS.Timeout | undefined;
  /** When a salt was last asked for because it was missed, ms. */
  #hurried_ms = Number.NEGATIVE_INFINITY;
  #closed = false;
  /** Until then a live session may exist under yesterday's salt. */
  #yesterdayUntil_ms = 0;

  constructor(source: SaltSource, onFailure: (error: unknown) => void) {
    this.#source = source;
    this.#onFailure = onFailure;
  }

  /** Loads the salts of now and keeps them up to date until `stop`. */
  async start(clock: () => number): Promise<void> {
    await this.#refresh(clock());
    this.#plan(clock);
  }

  stop(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Visitor under today's salt. Throws `overloaded` when the day's salt could not be had. */
  visitor(sender: Sender, now_ms: number): string {
    const day = Math.floor(now_ms / DAY_MS);
    if (day !== this.#todayDay) this.#turnDay(day);
    const salt = this.#saltOf(day);
    if (!salt) {
      this.#hurry(now_ms);
      throw new Problem('overloaded', "The day's salt is not there yet.", { retry_after_s: 1 });
    }
    return visitorUnder(salt, sender);
  }

  /** The same sender under yesterday's salt, as long as a session of yesterday can be alive. */
  yesterdaysVisitor(sender: Sender, now_ms: number): string | undefined {
    if (now_ms > this.#yesterdayUntil_ms) return undefined;
    const salt = this.#saltOf(Math.floor(now_ms / DAY_MS) - 1);
    return salt && visitorUnder(salt, sender);
  }

  /** A session of yesterday had an event at that time, so for another half hour it may go on. */
  keepYesterday(time_ms: number): void {
    this.#yesterdayUntil_ms = Math.max(this.#yesterdayUntil_ms, time_ms + SESSION_IDLE_MS);
  }

  #saltOf(day: number): Salt | undefined {
    return this.#salts.find((salt) => salt.day === day);
  }

  #turnDay(day: number): void {
    this.#todayDay = day;
    this.keepYesterday(day * DAY_MS);
    this.#salts = this.#salts.filter((salt) => salt.day >= day - 1);
  }

  async #refresh(now_ms: number): Promise<void> {
    const today = Math.floor(now_ms / DAY_MS);
    const days = [today - 1, today, Math.floor((now_ms + AHEAD_MS) / DAY_MS)];
    for (const day of new Set(days)) {
      if (this.#saltOf(day)) continue;
      const text = await this.#source.saltFor(new Date(day * DAY_MS).toISOString().slice(0, 10));
      this.#salts.push({ day, hash: keyedHash(text) });
    }
  }

  /** A clock that was set, or a machine that slept, is in a day that no timer was told of. */
  #hurry(now_ms: number): void {
    if (this.#closed || Math.abs(now_ms - this.#hurried_ms) < RETRY_MS) return;
    this.#hurried_ms = now_ms;
    this.#refresh(now_ms).catch(this.#onFailure);
  }

  #plan(clock: () => number): void {
    const now_ms = clock();
    const next_ms = (Math.floor((now_ms + AHEAD_MS) / DAY_MS) + 1) * DAY_MS - AHEAD_MS;
    this.#wait(clock, next_ms - now_ms);
  }

  #wait(clock: () => number, wait_ms: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(
      () => {
        this.#refresh(clock()).then(
          () => this.#plan(clock),
          (error: unknown) => {
            this.#onFailure(error);
            this.#wait(clock, RETRY_MS);
          },
        );
      },
      Math.max(wait_ms, 1_000),
    );
    this.#timer.unref();
  }
}
