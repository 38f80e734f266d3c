/** `POST /e` in front of the API's framework: a plain handler, because every visitor's every page asks for it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BeaconAnswer } from '../../core/beacon.ts';
import { BEACON_BYTES } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import type { ClientAddress } from './client-address.ts';
import { headerOf, notJson, readBody } from './read-body.ts';

/** Who sent a request, as far as the request tells. */
export interface Requester {
  /** Plain; '' when unknown. */
  address: string;
  /** The User-Agent header. */
  user_agent: string;
  /** ms since 1970 UTC. */
  received_ms: number;
}

/** Told once: the answer, or what is wrong. */
export type Answered = (problem: Problem | undefined, answer: BeaconAnswer | undefined) => void;

/** Whether a body is a batch of ours or belongs to another product's API. */
export type Whose = 'ours' | 'foreign';

/** What the handler works with. */
export interface BeaconHandlerOptions {
  /** Takes a body that is an object with `v`. */
  receive: (body: unknown, requester: Requester, answered: Answered) => void;
  clientAddress: ClientAddress;
  /** ms since 1970 UTC. */
  clock: () => number;
  /** Writes a Problem in the shape of the API whose body it was; CORS headers are added here. */
  refuse: (problem: Problem, whose: Whose) => { status: number; headers: Record<string, string>; body: string };
  /** Bodies that belong to another dialect: an array, or an object with `website_id`. */
  other: (body: unknown, request: IncomingMessage, response: ServerResponse) => void;
  /** What nobody expected. */
  onFailure: (error: unknown) => void;
}

const CORS = [
  'Access-Control-Allow-Origin',
  '*',
  'Cross-Origin-Resource-Policy',
  'cross-origin',
  'Timing-Allow-Origin',
  '*',
];
const ANSWER = [...CORS, 'Content-Type', 'application/json', 'Cache-Control', 'no-store', 'Content-Length'];
const PREFLIGHT = [
  ...CORS,
  'Access-Control-Allow-Methods',
  'POST, OPTIONS',
  'Access-Control-Allow-Headers',
  'Content-Type',
  'Access-Control-Max-Age',
  '86400',
];

/** Makes the handler of the path `/e`. */
export function createBeaconHandler(
  options: BeaconHandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const refuse = (response: ServerResponse, problem: Problem, whose: Whose = 'ours'): void => {
    const { status, headers, body } = options.refuse(problem, whose);
    response.writeHead(status, [
      ...CORS,
      // Pages may read no other header of a foreign answer, and the tracker waits as long as this one says.
      'Access-Control-Expose-Headers',
      'Retry-After',
      ...Object.entries(headers).flat(),
      ...(problem.code === 'method_not_allowed' ? ['Allow', 'POST, OPTIONS'] : []),
      // What is left of a body nobody reads would be taken for the next request.
      ...(response.req.complete ? [] : ['Connection', 'close']),
      'Content-Length',
      String(Buffer.byteLength(body)),
    ]);
    response.end(body);
  };
  return (request, response) => {
    if (request.method === 'OPTIONS') {
      response.writeHead(204, PREFLIGHT);
      response.end();
      return;
    }
    if (request.method !== 'POST')
      return refuse(response, new Problem('method_not_allowed', 'Beacons are sent by POST.'));
    readBody(request, (unread, text) => {
      if (unread) return refuse(response, unread, whoseText(text));
      const body = parse(text);
      if (body === undefined) return refuse(response, notJson(headerOf(request, 'content-encoding')), whoseText(text));
      if (isForeign(body)) return options.other(body, request, response);
      if (isTooLong(text)) return refuse(response, tooLong());
      const requester = {
        address: options.clientAddress.of(request.socket.remoteAddress, headerOf(request, 'x-forwarded-for')),
        user_agent: headerOf(request, 'user-agent') ?? '',
        received_ms: options.clock(),
      };
      options.receive(body, requester, (problem, answer) => {
        if (answer) return accept(response, answer);
        if (!problem) options.onFailure(new Error('A beacon had neither an answer nor a problem.'));
        refuse(response, problem ?? new Problem('internal', 'Something went wrong here.'));
      });
    });
  };
}

function accept(response: ServerResponse, answer: BeaconAnswer): void {
  const body =
    answer.dropped.length === 0
      ? `{"ok":true,"r":${answer.r},"accepted":${answer.accepted},"dropped":[]}`
      : JSON.stringify(answer);
  response.writeHead(202, [...ANSWER, String(Buffer.byteLength(body))]);
  response.end(body);
}

/** Says of a beacon that it is too long. */
export function tooLong(): Problem {
  return new Problem('too_large', `A beacon has at most ${BEACON_BYTES} bytes.`);
}

/** undefined when the text is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whose a text is that could not be read as a body, as far as its beginning tells. */
function whoseText(text: string): Whose {
  const start = text.slice(0, 2_000).trimStart();
  return start.startsWith('[') || start.includes('"website_id"') ? 'foreign' : 'ours';
}

/** Only texts that could be too long at all are measured: a character has at most three bytes a unit. */
function isTooLong(text: string): boolean {
  return text.length * 3 > BEACON_BYTES && Buffer.byteLength(text) > BEACON_BYTES;
}

function isForeign(body: unknown): boolean {
  if (Array.isArray(body)) return true;
  return typeof body === 'object' && body !== null && 'website_id' in body && !('v' in body);
}
