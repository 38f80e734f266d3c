/** The log: structured lines on standard error, without addresses, user agents, keys or bodies. */
import { destination, type Logger, pino, stdSerializers } from 'pino';
import type { LogLevel } from './config.ts';

export type Log = Logger;

/** Engines quote the record that they refuse; what visitors did is nothing for a log. */
function withoutRecords(text: string): string {
  return text
    .replace(/^Original Line:.*$/gm, 'Original Line: (not shown)')
    .replace(/ string ".*" to /g, ' a string to ');
}

/** An error as pino writes it, without what it quotes of records. */
function writeError(error: Error): object {
  const written = stdSerializers.err(error);
  return { ...written, message: withoutRecords(written.message), stack: withoutRecords(written.stack) };
}

/** Standard output belongs to what a command answers, so the log goes to standard error. */
export function openLog(level: LogLevel): Log {
  return pino(
    {
      level,
      base: null,
      serializers: { err: writeError },
      redact: { paths: ['req.headers', 'headers', '*.authorization', '*.cookie'], remove: true },
    },
    destination({ dest: 2, sync: false }),
  );
}
