/** How many connections a server takes at once: never so many that none is left for the journal's and the engine's files. */
import { readFileSync } from 'node:fs';

const CONNECTIONS = 10_000;
/** Descriptors for files, the engine's threads and the control socket. */
const KEPT_FOR_FILES = 512;
const LEAST = 64;

/** With more than this, one goes for each that comes. `limits` is the text of `/proc/self/limits`. */
export function connectionLimit(limits = ownLimits()): number {
  // Node raises its own soft limit to the hard one when it starts.
  const files = Number(/^Max open files +\d+ +(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  return Math.max(LEAST, Math.min(CONNECTIONS, files - KEPT_FOR_FILES));
}

/** '' where there is no such file, as outside Linux. */
function ownLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
