/** What the drain tells the log of segments that were not as they should be. */
import type { CollectorLog } from './collector-options.ts';
import type { DrainOptions } from './drain.ts';

/** The listeners of a drain that write to the log. */
export function tellLog(log: CollectorLog): Pick<DrainOptions, 'onVerified' | 'onIsolated' | 'onRefused'> {
  return {
    onVerified: (verdict, segment) => {
      const found = { segment: segment.id, ...verdict };
      if (verdict.damaged > 0) log.error(found, 'a segment had damaged records; they are in the quarantine');
      else log.info(found, 'a segment was verified');
    },
    onIsolated: (refused, segment) =>
      log.error({ segment: segment.id, refused }, 'the event store refuses records; they are in the quarantine'),
    onRefused: (err, segment, retry_ms) =>
      log.error({ err, segment: segment.id, retry_ms }, 'the event store refused a segment; it is tried again'),
  };
}
