/** The log: structured lines on standard error, without addresses, user agents, keys or bodies. */
import { destination, type Logger, pino } from 'pino';
import type { LogLevel } from './config.ts';

export type Log = Logger;

/** Standard output belongs to what a command answers, so the log goes to standard error. */
export function openLog(level: LogLevel): Log {
  return pino(
    {
      level,
      base: null,
      redact: { paths: ['req.headers', 'headers', '*.authorization', '*.cookie'], remove: true },
    },
    destination({ dest: 2, sync: false }),
  );
}
