/** Reads a request's body into one text, within a limit of bytes and of time. */
import type { IncomingMessage } from 'node:http';
import { BEACON_BODY_MS, FOREIGN_BATCH_BYTES } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';

/**
 * Gets the text, or a Problem: `too_large`, or `invalid_body` when it did not arrive whole in time. Beside a Problem
 * the text is what had arrived, which may tell whose body it was.
 */
export type BodyRead = (problem: Problem | undefined, text: string) => void;

/** A header by its lower-case name, repeated ones joined. `headers` would make an object of all for every request. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const raw = request.rawHeaders;
  let value: string | undefined;
  for (let index = 0; index < raw.length; index += 2) {
    const other = raw[index]!;
    if (other.length !== name.length || other.toLowerCase() !== name) continue;
    value = value === undefined ? raw[index + 1] : `${value}, ${raw[index + 1]}`;
  }
  return value;
}

/** Calls back once, unless the client goes away before: then nobody waits for an answer. */
export function readBody(request: IncomingMessage, read: BodyRead, limit_ms = BEACON_BODY_MS): void {
  const announced = Number(headerOf(request, 'content-length') ?? -1);
  const chunks: Buffer[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const end = (problem: Problem | undefined): void => {
    clearTimeout(timer);
    if (problem) {
      request.off('data', onData);
      request.off('end', onEnd);
      request.resume();
    }
    read(problem, textOf(chunks));
  };
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > FOREIGN_BATCH_BYTES || announced > FOREIGN_BATCH_BYTES) end(tooLarge());
    // Nearly every body arrives in one piece, so only the others pay for a timer.
    else if ((bytes < announced || announced < 0) && timer === undefined) {
      timer = setTimeout(() => end(tooSlow()), limit_ms);
      request.on('close', () => clearTimeout(timer));
    }
  };
  const onEnd = (): void => end(undefined);
  request.on('data', onData);
  request.on('end', onEnd);
}

/** What is wrong with a body that no JSON was read from; `encoding` is its Content-Encoding. */
export function notJson(encoding: string | undefined, cause?: unknown): Problem {
  const isPlain = encoding === undefined || encoding.trim() === '' || encoding.trim().toLowerCase() === 'identity';
  const message = isPlain ? 'The body is not JSON.' : 'The body is not JSON; compressed ones are not unpacked here.';
  return new Problem('invalid_body', message, { cause });
}

function textOf(chunks: readonly Buffer[]): string {
  return chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString();
}

function tooLarge(): Problem {
  return new Problem('too_large', `A batch has at most ${FOREIGN_BATCH_BYTES} bytes.`);
}

function tooSlow(): Problem {
  return new Problem('invalid_body', 'The body did not arrive in time.');
}
