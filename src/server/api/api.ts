/** The framework around the routes: parsing, limits, headers, authorisation, and every dialect's routes from their data. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { Readable } from 'node:stream';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Problem } from '../../core/problem.ts';
import { addressBlock } from '../collector/client-address.ts';
import { authorize, type Gate } from './authorize.ts';
import type { Backend } from './backend.ts';
import { answerBroken } from './broken-request.ts';
import { connectionLimit } from './connection-limit.ts';
import { keepRoom } from './connection-room.ts';
import { registerDashboard } from './dashboard-files.ts';
import type { Answer, Asking, Dialect, Route } from './dialect.ts';
import { DIALECTS } from './dialects/index.ts';
import { takeForms } from './form-bodies.ts';
import { createFrontHandler } from './front-handler.ts';
import { pathOf, problemHandler } from './handle.ts';
import { parseJsonAlways } from './json-bodies.ts';
import { fastifySchema, registerOpenapi } from './openapi.ts';
import { registerReference } from './reference.ts';
import { RefusalLimiter } from './refusal-limiter.ts';
import { BODY_BYTES } from './route.ts';
import { answerUnknown } from './unknown-route.ts';
import { compileSchema } from './validate.ts';

/** A whole request must have arrived within this. */
const REQUEST_MS = 30_000;
const HEADERS_MS = 10_000;
/** How often connections are looked at for those two. */
const CHECK_MS = 5_000;
const KEEP_ALIVE_MS = 72_000;
const PARAMETER_CHARACTERS = 500;
/** Requests of one address to the APIs in a minute; beacons, plans and scripts have limits of their own. */
const REQUESTS_PER_MINUTE = 6_000;

/** The API of one server process. */
export interface Api {
  fastify: FastifyInstance;
  /** Takes any request, also those of the control socket. */
  listener: RequestListener;
  /** Not listening yet. */
  server: Server;
  /** Marks requests of the control socket before they are handed to `listener`. */
  markControl(request: IncomingMessage): void;
}

/** Builds the API. */
export async function createApi(backend: Backend, version: string): Promise<Api> {
  const control = new WeakSet<IncomingMessage>();
  let listener: RequestListener | undefined;
  let server: Server | undefined;
  const fastify = Fastify({
    serverFactory(handler) {
      listener = createFrontHandler(backend, handler as RequestListener);
      server = openServer(listener);
      return server;
    },
    bodyLimit: BODY_BYTES,
    clientErrorHandler: answerBroken,
    logger: false,
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => {
      problemHandler(DIALECTS, backend.log)(error, request as FastifyRequest, reply as FastifyReply);
    },
  });
  fastify.setValidatorCompiler(compileSchema);
  fastify.setSerializerCompiler(() => JSON.stringify);
  fastify.setErrorHandler(problemHandler(DIALECTS, backend.log));
  answerUnknown(fastify);
  parseJsonAlways(fastify);
  await protect(fastify, { backend, control });
  await registerOpenapi(fastify, version);
  const gate = {
    backend,
    refusals: new RefusalLimiter({ clock: backend.clock, enabled: backend.config.rate_limit }),
  };
  const mountings = DIALECTS.flatMap((dialect) => dialect.routes.map((route) => ({ dialect, route, gate, control })));
  for (const mounting of mountings) if (!mounting.route.forms) mount(fastify, mounting);
  await fastify.register(async (within) => {
    await takeForms(within);
    for (const mounting of mountings) if (mounting.route.forms) mount(within, mounting);
  });
  registerReference(fastify, backend);
  registerDashboard(fastify);
  await fastify.ready();
  if (listener === undefined || server === undefined) throw new Error('The framework made no server.');
  return { fastify, listener, server, markControl: (request) => control.add(request) };
}

/** A server that a crowd of idle or slow connections cannot bring down. */
function openServer(listener: RequestListener): Server {
  const server = createServer({
    requestTimeout: REQUEST_MS,
    headersTimeout: HEADERS_MS,
    connectionsCheckingInterval: CHECK_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  keepRoom(server, connectionLimit(), listener);
  return server;
}

async function protect(
  fastify: FastifyInstance,
  { backend, control }: { backend: Backend; control: WeakSet<IncomingMessage> },
): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // Without TLS in front this would lock people out of a plain-http installation.
    strictTransportSecurity: false,
  });
  if (!backend.config.rate_limit) return;
  await fastify.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    keyGenerator: (request) => addressBlock(addressOf(backend, request)),
    allowList: (request) => control.has(request.raw),
  });
}

function addressOf(backend: Backend, request: FastifyRequest): string {
  return backend.collector.clientAddress.of(request.raw.socket.remoteAddress, request.headers['x-forwarded-for']);
}

/** `https` also where a trusted proxy in front says so: cookies are `Secure` then, and links lead there. */
function schemeOf(backend: Backend, { raw, protocol }: FastifyRequest): string {
  const said = raw.headers['x-forwarded-proto'];
  const trusted = backend.collector.clientAddress.trusts(raw.socket.remoteAddress);
  return trusted && said === 'https' ? 'https' : protocol;
}

/** Where browsers reach this server: as it was told, else as it was asked. A command says nothing of that. */
function baseUrl(backend: Backend, request: FastifyRequest, { control }: { control: boolean }): string {
  const { public_url, host, port } = backend.config;
  if (public_url !== null) return public_url;
  return control ? (backend.own_url ?? `http://${host}:${port}`) : `${schemeOf(backend, request)}://${request.host}`;
}

interface Mounting {
  dialect: Dialect;
  route: Route;
  gate: Gate;
  control: WeakSet<IncomingMessage>;
}

/** Who may ask is settled before what is asked: a stranger learns nothing of schemas from a body. */
function mount(fastify: FastifyInstance, { dialect, route, gate, control }: Mounting): void {
  const authorised = new WeakMap<FastifyRequest, Awaited<ReturnType<typeof authorize>>>();
  const { backend } = gate;
  fastify.route({
    method: route.method,
    url: route.path,
    config: { forms: route.forms },
    bodyLimit: route.body_bytes,
    schema: fastifySchema(dialect, route),
    async preValidation(request) {
      const origin = { address: addressBlock(addressOf(backend, request)), control: control.has(request.raw) };
      authorised.set(request, await authorize(gate, { route, dialect, asking: askingOf(request), origin }));
      if (route.empty_body) request.body ??= {};
    },
    async handler(request, reply) {
      const { principal, site } = authorised.get(request) ?? {};
      if (principal === undefined) throw new Problem('unauthorized', 'This route needs a key.');
      const answer = await route.run({
        backend,
        principal,
        site,
        params: request.params,
        query: request.query,
        body: request.body,
        headers: request.headers,
        base_url: baseUrl(backend, request, { control: control.has(request.raw) }),
        path: pathOf(request.url),
        address: addressOf(backend, request),
      });
      return send(reply, answer);
    },
  });
}

function askingOf(request: FastifyRequest): Asking {
  return {
    method: request.method,
    path: pathOf(request.url),
    params: request.params as Record<string, string>,
    query: request.query as Record<string, unknown>,
    headers: request.headers,
    body: request.body,
  };
}

function send(reply: FastifyReply, { status, headers = {}, body }: Answer): FastifyReply {
  reply.code(status).header('cache-control', 'no-store').headers(headers);
  if (reply.request.method === 'HEAD' && body instanceof Readable) {
    // Nobody reads it, and one that goes on for ever would wait for that.
    body.destroy();
    return reply.send();
  }
  if (body === undefined || typeof body === 'string' || body instanceof Readable) return reply.send(body);
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}
