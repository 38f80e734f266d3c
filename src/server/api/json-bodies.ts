/** Bodies that are JSON, and what is said of those that are none or that no program should be given. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../core/problem.ts';
import { notJson } from '../collector/read-body.ts';
import { isForm } from './form-bodies.ts';

/** JSON whatever the content type says; an empty body is none. */
export function parseJsonAlways(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  // Clients of other products send any type, and the framework refuses those that are no type at all.
  fastify.addHook('onRequest', async (request) => {
    const { headers } = request.raw;
    if (headers['content-type'] !== undefined && !isForm(request)) headers['content-type'] = 'application/json';
  });
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    parse(request, body as string, (error, value) => {
      if (error) done(refusedName(body as string) ?? notJson(request.headers['content-encoding'], error));
      else done(null, value);
    });
  });
}

/** The Problem of a body that is JSON and has a name that reaches prototypes, which is why it was not read. */
function refusedName(text: string): Problem | undefined {
  let field = 'constructor';
  try {
    JSON.parse(text, (name, value: unknown) => {
      if (name === '__proto__') field = name;
      return value;
    });
  } catch {
    return undefined;
  }
  return new Problem('invalid_body', `A member called ${field} is not taken here.`, { field });
}
