/** Numbers, money and times as people read them. */
import type { Revenue } from './answers.ts';

const whole = new Intl.NumberFormat('en');

/** 12,345 */
export function count(value: number): string {
  return whole.format(value);
}

/** 1 visit, 12 visits */
export function many(value: number, one: string): string {
  return `${count(value)} ${value === 1 ? one : `${one}s`}`;
}

/** A fraction as 15.5%, small ones as 0.42%. */
export function percent(fraction: number): string {
  const digits = fraction !== 0 && fraction < 0.01 ? 2 : 1;
  return `${(fraction * 100).toFixed(digits)}%`;
}

/** A change in percent with its sign: +5.9%, −12.0%. */
export function change(percentage: number): string {
  const size = Math.abs(percentage) >= 1000 ? count(Math.round(Math.abs(percentage))) : Math.abs(percentage).toFixed(1);
  return `${percentage < 0 ? '−' : '+'}${size}%`;
}

/** A decimal string in its currency; codes that the browser does not know are written out. */
export function money(amount: string, currency: string): string {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).format(Number(amount));
  } catch {
    return `${amount} ${currency}`;
  }
}

/** Net amounts of all currencies, never added together. */
export function moneyList(revenue: readonly Revenue[]): string[] {
  return revenue.map(({ net, currency }) => money(net, currency));
}

/** 21 Nov 2026, 14:05 */
export function moment(ms: number): string {
  return new Date(ms).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

/** 21 Nov, 14:05:09 in a time zone. */
export function clock(ms: number, timeZone: string): string {
  const parts: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', timeZone };
  const time = new Date(ms).toLocaleTimeString('en-GB', { timeZone });
  return `${new Date(ms).toLocaleDateString('en-GB', parts)}, ${time}`;
}

/** A local day `2026-01-31` as 31 Jan, or 31 Jan 2026 with the year. */
export function dayName(day: string, { year = false }: { year?: boolean } = {}): string {
  const date = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  const parts: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', timeZone: 'UTC' };
  return date.toLocaleDateString('en-GB', year ? { ...parts, year: 'numeric' } : parts);
}

/** A name of a country in words; what is no code stays as it is. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? code;
}

/**
 * An address or a path with its letters as people write them: `/caf%C3%A9` as /café. What would not be seen, or would turn
 * what stands beside it, stays encoded, and so does what is not well-formed.
 */
export function readable(address: string): string {
  try {
    return decodeURI(address).replace(/[\p{C}\p{Z}]/gu, encodeURI);
  } catch {
    return address;
  }
}

/** How many days ago, in words. */
export function ago(ms: number, now_ms: number): string {
  const minutes = Math.round((now_ms - ms) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 1_440) return `${Math.round(minutes / 60)} h ago`;
  return `${count(Math.round(minutes / 1_440))} d ago`;
}
