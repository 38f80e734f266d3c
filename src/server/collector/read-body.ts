/** Reads a request's body into one text, within a limit of bytes and of time. */
import type { IncomingMessage } from 'node:http';
import { BEACON_BODY_MS, BEACON_BYTES } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';

/** Gets the text, or a Problem: `too_large`, or `invalid_body` when it did not arrive whole in time. */
export type BodyRead = (problem: Problem | undefined, text: string) => void;

/** Calls back once, unless the client goes away before: then nobody waits for an answer. */
export function readBody(request: IncomingMessage, read: BodyRead): void {
  const announced = Number(request.headers['content-length'] ?? -1);
  if (announced > BEACON_BYTES) {
    request.resume();
    read(tooLarge(), '');
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const end = (problem: Problem | undefined): void => {
    clearTimeout(timer);
    request.off('data', onData);
    request.off('end', onEnd);
    request.off('close', onClose);
    if (problem) request.resume();
    read(problem, problem ? '' : textOf(chunks));
  };
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > BEACON_BYTES) end(tooLarge());
    // Nearly every body arrives in one piece, so only the others pay for a timer.
    else if (bytes < announced || announced < 0) timer ??= setTimeout(() => end(tooSlow()), BEACON_BODY_MS);
  };
  const onEnd = (): void => end(undefined);
  const onClose = (): void => clearTimeout(timer);
  request.on('data', onData);
  request.on('end', onEnd);
  request.on('close', onClose);
}

function textOf(chunks: readonly Buffer[]): string {
  return chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString();
}

function tooLarge(): Problem {
  return new Problem('too_large', `A beacon has at most ${BEACON_BYTES} bytes.`);
}

function tooSlow(): Problem {
  return new Problem('invalid_body', 'The body did not arrive in time.');
}
