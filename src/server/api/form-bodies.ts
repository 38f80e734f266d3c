/** Bodies that are forms, for the routes whose product documents them so: fields as `curl -F` and `curl -d` send them. */
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** How a form may travel. */
export const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data'] as const;

/** No goal has more, or longer ones; files have no place in any. */
const LIMITS = { fields: 50, parts: 50, fieldSize: 20_000, fieldNameSize: 200, files: 0 };

/** Whether the request is a form on a route that takes forms. */
export function isForm({ raw, routeOptions }: FastifyRequest): boolean {
  const type = raw.headers['content-type']?.toLowerCase() ?? '';
  const { forms } = routeOptions.config as { forms?: boolean };
  return forms === true && FORM_TYPES.some((form) => type.startsWith(form));
}

/** Lets the routes of a scope take forms; their bodies are the fields by name, a repeated one a list. */
export async function takeForms(scope: FastifyInstance): Promise<void> {
  await scope.register(formbody);
  await scope.register(multipart, { attachFieldsToBody: 'keyValues', limits: LIMITS });
}
