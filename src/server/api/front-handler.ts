/** The plain handler in front of the framework: what visitors' browsers ask for, everything else is passed on. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Problem } from '../../core/problem.ts';
import { createBeaconHandler } from '../collector/beacon-handler.ts';
import type { Backend } from './backend.ts';
import { pathOf, toProblem } from './handle.ts';
import { refuseNatively } from './native-credentials.ts';
import { PlanHandler } from './plan-handler.ts';
import { createScriptHandler, readScriptFiles } from './script-files.ts';

const PLAN_PATH = /^\/plan\/([^/]+)$/;

/** Refusals of these routes in the native shape, as text. */
function refuse(problem: Problem) {
  const { status, headers, body } = refuseNatively(problem);
  const retry: Record<string, string> =
    problem.retry_after_s === undefined ? {} : { 'Retry-After': String(problem.retry_after_s) };
  return {
    status,
    headers: { ...headers, ...retry, 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
    body: JSON.stringify(body),
  };
}

function sendRefusal(response: ServerResponse, problem: Problem): void {
  const { status, headers, body } = refuse(problem);
  response.writeHead(status, {
    ...headers,
    'Access-Control-Allow-Origin': '*',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Makes the listener; `next` is the framework's. `/e` hands bodies of other dialects to `next` with the parsed body kept. */
export function createFrontHandler(backend: Backend, next: RequestListener): RequestListener {
  const { collector, clock, log, registry } = backend;
  const plans = new PlanHandler(registry);
  const script = createScriptHandler(readScriptFiles());
  const beacon = createBeaconHandler({
    receive: (body, requester, answered) => collector.receive(body, requester, answered),
    clientAddress: collector.clientAddress,
    clock,
    refuse,
    other: (_body, _request, response) =>
      sendRefusal(response, new Problem('invalid_body', 'The body must be a batch with "v": 1.')),
    onFailure: (err) => log.error({ err }, 'a beacon could not be answered'),
  });
  const plan = (ref: string, request: IncomingMessage, response: ServerResponse): void => {
    plans.answer(ref, request, response).catch((error: unknown) => {
      const problem = toProblem(error);
      if (problem.code === 'internal') log.error({ err: error }, 'a plan could not be answered');
      sendRefusal(response, problem);
    });
  };
  return (request, response) => {
    const path = pathOf(request.url ?? '/');
    if (path === '/e') return beacon(request, response);
    if (request.method === 'GET' || request.method === 'HEAD') {
      const ref = PLAN_PATH.exec(path)?.[1];
      if (ref !== undefined) return plan(decodeSegment(ref), request, response);
      if (path.endsWith('.js') && script(path, request, response)) return;
    }
    next(request, response);
  };
}

/** A path segment decoded; what is not well-formed names nothing and stays as it is. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
