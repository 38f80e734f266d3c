/** What needs no key and is about the server itself: the OpenAPI document, health and readiness. */
import type { FastifyInstance } from 'fastify';
import type { Backend } from './backend.ts';

/** Mounts them; they stand in no dialect's table because their answers have no errors of their own. */
export function registerReference(fastify: FastifyInstance, backend: Backend): void {
  const hidden = { schema: { hide: true } };
  fastify.get('/api/openapi.json', hidden, async (_request, reply) =>
    reply.header('access-control-allow-origin', '*').send(fastify.swagger()),
  );
  for (const path of ['/health', '/api/health']) {
    fastify.get(path, hidden, async () => ({ status: 'ok' }));
  }
  for (const path of ['/ready', '/api/ready']) {
    fastify.get(path, hidden, async (_request, reply) => {
      const ready = await backend.store.query('SELECT 1 AS one', []).then(
        () => true,
        () => false,
      );
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready' });
    });
  }
}
