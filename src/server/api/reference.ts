/** What needs no key and is about the server itself: reference, health, readiness, metrics. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Backend } from './backend.ts';
import { DIALECTS } from './dialects/index.ts';
import { createMetrics } from './metrics.ts';
import { REFERENCE_STYLE, referencePage } from './reference-page.ts';

/** Documents of the server's own change with a release only. */
const CACHE_S = 300;

function page(reply: FastifyReply, type: string, text: string | Buffer): FastifyReply {
  return reply.type(`${type}; charset=utf-8`).header('cache-control', `public, max-age=${CACHE_S}`).send(text);
}

/** Mounts them; they stand in no dialect's table because they take nothing and refuse nothing. */
export function registerReference(fastify: FastifyInstance, backend: Backend): void {
  const hidden = { schema: { hide: true } };
  const open = { schema: { tags: ['Server'], summary: 'Says that the process answers.', security: [] } };
  const metrics = createMetrics(backend);
  // Bytes, which all connections share: a text would be kept once for each that does not read it.
  let reference: Buffer | undefined;
  let document: Buffer | undefined;
  fastify.get('/api/openapi.json', hidden, async (_request, reply) => {
    document ??= Buffer.from(JSON.stringify(fastify.swagger()));
    return reply.header('access-control-allow-origin', '*').type('application/json; charset=utf-8').send(document);
  });
  fastify.get('/api/docs', hidden, async (_request, reply) => {
    reference ??= Buffer.from(referencePage(DIALECTS));
    return page(reply, 'text/html', reference);
  });
  fastify.get('/api/docs.css', hidden, async (_request, reply) => page(reply, 'text/css', REFERENCE_STYLE));
  for (const path of ['/health', '/api/health']) fastify.get(path, open, async () => ({ status: 'ok' }));
  for (const path of ['/ready', '/api/ready']) {
    const schema = { ...open.schema, summary: 'Says whether events can be taken and counted.' };
    fastify.get(path, { schema }, async (_request, reply) => {
      const ready = await isReady(backend);
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready' });
    });
  }
  fastify.get('/metrics', hidden, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

async function isReady({ collector, store, log }: Backend): Promise<boolean> {
  if (collector.isRefusing) return false;
  try {
    await store.query('SELECT 1 AS one', []);
    return true;
  } catch (err) {
    log.warn({ err }, 'the event store does not answer');
    return false;
  }
}
