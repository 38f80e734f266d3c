/** The OpenAPI document: made from the schemas that validate, so it cannot say anything else. */

import swagger from '@fastify/swagger';
import type { TSchema } from '@sinclair/typebox';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { PROBLEMS } from '../../core/problem.ts';
import type { Dialect, Route } from './dialect.ts';
import { FORM_TYPES } from './form-bodies.ts';
import { type DocumentedRoute, FRONT_ROUTES } from './front-routes.ts';

const JSON_TYPE = 'application/json';

/** Registers the collector of routes; must come before them. */
export async function registerOpenapi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Goalpost',
        version,
        description: 'Goals defined on a server, run in browsers, counted exactly once.',
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'A key as `goalpost key create` makes it.' },
        },
      },
      security: [{ key: [] }],
      paths: frontPaths(),
    },
    hideUntagged: true,
  });
}

/** A route as the framework and the document know it. */
export function fastifySchema(dialect: Dialect, route: Route): FastifySchema {
  const response: Record<string, unknown> = {};
  for (const [status, schema] of Object.entries(route.answers)) {
    response[status] = schema ?? { type: 'null', description: 'Nothing.' };
  }
  if (dialect.name === 'native') response.default = PROBLEM_SCHEMA;
  return {
    summary: route.summary,
    tags: [dialect.name === 'native' ? route.tag : dialect.name],
    ...(route.scope === null ? { security: [] } : {}),
    params: route.params,
    querystring: route.query,
    ...(route.body === null
      ? {}
      : { body: route.body satisfies TSchema, consumes: route.forms ? [JSON_TYPE, ...FORM_TYPES] : [JSON_TYPE] }),
    response,
  } as FastifySchema;
}

/** The paths of what no framework's route answers, as the document has them. */
function frontPaths() {
  return Object.fromEntries(
    FRONT_ROUTES.map((route) => [
      route.path.replace(/:(\w+)/g, '{$1}'),
      { [route.method.toLowerCase()]: operationOf(route) },
    ]),
  );
}

function operationOf({ summary, tag, params, body, answers }: DocumentedRoute) {
  const json = (schema: object) => ({ content: { 'application/json': { schema } } });
  const names = Object.entries((params.properties ?? {}) as Record<string, object>);
  const responses = Object.entries(answers).map(([status, schema]) => {
    const said = schema === null ? { description: 'Nothing.' } : { description: 'Done.', ...json(schema) };
    return [status, said] as const;
  });
  return {
    summary,
    tags: [tag],
    security: [],
    parameters: names.map(([name, schema]) => ({ in: 'path', name, required: true, schema })),
    ...(body === null ? {} : { requestBody: { required: true, ...json(body) } }),
    responses: {
      ...Object.fromEntries(responses),
      default: { description: PROBLEM_SCHEMA.description, ...json(PROBLEM_SCHEMA) },
    },
  };
}

const PROBLEM_SCHEMA = {
  description: 'A refusal.',
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'docs'],
      properties: {
        code: { type: 'string', enum: Object.keys(PROBLEMS) },
        message: { type: 'string' },
        field: { type: 'string' },
        docs: { type: 'string' },
      },
    },
  },
};
