/** The plain handler in front of the framework: what visitors' browsers ask for, everything else is passed on. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Problem } from '../../core/problem.ts';
import { createBeaconHandler, type Whose } from '../collector/beacon-handler.ts';
import type { Backend } from './backend.ts';
import { type Collecting, collect, sparklyticsCollect } from './dialects/sparklytics-collect.ts';
import { refuseAsSparklytics } from './dialects/sparklytics-refusal.ts';
import { pathOf, toProblem } from './handle.ts';
import { KEPT_SCRIPTS, keepScripts } from './kept-scripts.ts';
import { refuseNatively } from './native-credentials.ts';
import { PlanHandler } from './plan-handler.ts';
import { createScriptHandler, readScriptFiles } from './script-files.ts';

/** A slash at the end means nothing, as on every other route. */
const BEACON_PATH = /^\/e\/?$/;
const PLAN_PATH = /^\/plan\/([^/]+)\/?$/;

/** Refusals of these routes as text: in the native shape, or in that of the product whose batches come here too. */
function refuse(problem: Problem, whose: Whose = 'ours') {
  const { status, headers, body } = whose === 'ours' ? refuseNatively(problem) : refuseAsSparklytics(problem);
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

/** Answers a body of the product whose script also sends to `/e`, in that product's shape. */
async function answerForeign(sent: Collecting, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await collect(sent).catch((error: unknown) => {
    const problem = toProblem(error);
    if (problem.code === 'internal') sent.backend.log.error({ err: error }, 'a batch could not be taken');
    return sparklyticsCollect.refuse(problem);
  });
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Makes the listener; `next` is the framework's. Bodies of another product on `/e` go to its dialect. */
export function createFrontHandler(backend: Backend, next: RequestListener): RequestListener {
  const { collector, clock, config, log, registry } = backend;
  const plans = new PlanHandler(registry);
  const files = readScriptFiles();
  const contents = [...files].map(([path, { identity }]): [string, Buffer] => [path.slice(1), identity]);
  const fail = (what: string) => (error: unknown, response: ServerResponse) => {
    const problem = toProblem(error);
    if (problem.code === 'internal') log.error({ err: error }, what);
    sendRefusal(response, problem);
  };
  const script = createScriptHandler(files, {
    older: keepScripts(join(config.data_dir, KEPT_SCRIPTS), contents, log),
    onFailure: fail('a script could not be answered'),
  });
  const beacon = createBeaconHandler({
    receive: (body, requester, answered) => collector.receive(body, requester, answered),
    clientAddress: collector.clientAddress,
    clock,
    refuse,
    other: (body, request, response) => {
      const address = collector.clientAddress.of(request.socket.remoteAddress, request.headers['x-forwarded-for']);
      answerForeign({ backend, headers: request.headers, address, body }, response).catch((err: unknown) =>
        log.error({ err }, 'a batch of another product could not be answered'),
      );
    },
    onFailure: (err) => log.error({ err }, 'a beacon could not be answered'),
  });
  const failPlan = fail('a plan could not be answered');
  const plan = (ref: string, request: IncomingMessage, response: ServerResponse): void => {
    plans.answer(ref, request, response).catch((error: unknown) => failPlan(error, response));
  };
  return (request, response) => {
    request.url = ownTarget(request.url ?? '/');
    const path = pathOf(request.url);
    if (BEACON_PATH.test(path)) return beacon(request, response);
    if (request.method === 'GET' || request.method === 'HEAD') {
      const ref = PLAN_PATH.exec(path)?.[1];
      if (ref !== undefined) return plan(decodeSegment(ref), request, response);
      if (path.endsWith('.js') && script(path, request, response)) return;
    }
    next(request, response);
  };
}

/** A request's target as a path: proxies name the whole URL, and `*` is no path of ours. */
function ownTarget(target: string): string {
  if (target.startsWith('/')) return target;
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, '');
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** A path segment decoded; what is not well-formed names nothing and stays as it is. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
