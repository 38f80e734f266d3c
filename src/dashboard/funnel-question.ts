/** What a funnel asks, kept in its address: goals in their order, by whom they are met, and within which time. */
import { FUNNEL_STEPS_MAX } from '../core/limits.ts';

/** Times from the first step to the last, in minutes, with their names. */
export const WINDOWS = [
  ['30', 'Within 30 minutes'],
  ['120', 'Within 2 hours'],
  ['1440', 'Within a day'],
  ['10080', 'Within 7 days'],
  ['43200', 'Within 30 days'],
] as const;
export type Window = (typeof WINDOWS)[number][0];

/** Who has to go the whole way. */
export const PER = [
  ['session', 'In one visit'],
  ['visitor', 'By one visitor'],
] as const;
export type Per = (typeof PER)[number][0];

/** A funnel, as far as it is chosen. */
export interface FunnelQuestion {
  /** Keys of goals. */
  goals: readonly string[];
  per: Per;
  window: Window;
}

/** Reads the funnel of an address; what is wrong in it falls back to the default, goals twice count once. */
export function funnelOf(address: string): FunnelQuestion {
  const { searchParams } = new URL(address, 'http://localhost');
  const goals = (searchParams.get('goals') ?? '').split(',').filter((key) => key !== '');
  return {
    goals: [...new Set(goals)].slice(0, FUNNEL_STEPS_MAX),
    per: PER.find(([per]) => per === searchParams.get('per'))?.[0] ?? 'session',
    window: WINDOWS.find(([minutes]) => minutes === searchParams.get('window'))?.[0] ?? '30',
  };
}

/** The same address with a changed funnel. */
export function addressWithFunnel(address: string, change: Partial<FunnelQuestion>): string {
  const url = new URL(address, 'http://localhost');
  const { goals, per, window } = { ...funnelOf(address), ...change };
  url.searchParams.set('goals', goals.join(','));
  url.searchParams.set('per', per);
  url.searchParams.set('window', window);
  return url.pathname + url.search;
}
