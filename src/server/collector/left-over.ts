/** What earlier runs left in the journal: a start waits for it, so that sessions go on, but not for ever. */
import { existsSync } from 'node:fs';
import { within } from '../store/within.ts';
import type { Drain } from './drain.ts';
import { leftSegments } from './segment.ts';

/** A start waits so long for what earlier runs left, no longer once the engine has refused: events must be taken. */
const START_DRAIN_MS = 10_000;
const REFUSED_DRAIN_MS = 2_000;

/** Waits within bounds until the store has it; answers whether it still has not. */
export async function awaitLeftOver(drain: Drain): Promise<boolean> {
  await within(START_DRAIN_MS, drain.caughtUpOrRefused());
  return within(REFUSED_DRAIN_MS, drain.caughtUp());
}

/** When the oldest record that earlier runs left in a journal's folder was received, ms; undefined when there is none. */
export async function leftSince(directory: string): Promise<number | undefined> {
  if (!existsSync(directory)) return undefined;
  const left = await leftSegments(directory);
  return left.length === 0 ? undefined : Math.min(...left.map((segment) => segment.since_ms));
}
