/** Serves the dashboard: its files from memory, and its page at every address that it has views for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptsEtag, chooseEncoding, type Encoded } from './encoded.ts';
import { encodedFile, packageFolder } from './script-files.ts';

/** Addresses of views; the page itself finds the view. */
const PAGES = ['/', '/login', '/setup', '/join', '/members', '/account', '/sites', '/sites/*', '/share/*'];
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Mounts what the build made of `src/dashboard`; without a build its addresses are unknown. */
export function registerDashboard(fastify: FastifyInstance, folder = join(packageFolder(), 'dist', 'dashboard')): void {
  const page = join(folder, 'index.html');
  if (!existsSync(page)) return;
  const hidden = { schema: { hide: true } };
  const index = encodedFile(readFileSync(page));
  for (const path of PAGES) {
    fastify.get(path, hidden, async (request, reply) => {
      // Pages of other sites must not learn a set-up token from the address.
      reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-cache');
      return sendFile(await index(), { request, reply, type: '.html' });
    });
  }
  const assets = join(folder, 'assets');
  for (const name of readdirSync(assets)) {
    const file = encodedFile(readFileSync(join(assets, name)));
    fastify.get(`/assets/${name}`, hidden, async (request, reply) => {
      // The name has a hash of the content.
      reply.header('cache-control', 'public, max-age=31536000, immutable');
      return sendFile(await file(), { request, reply, type: extname(name) });
    });
  }
}

function sendFile(
  file: Encoded,
  { request, reply, type }: { request: FastifyRequest; reply: FastifyReply; type: string },
): FastifyReply {
  reply.header('etag', file.etag).header('vary', 'accept-encoding');
  if (acceptsEtag(request.raw, file.etag)) return reply.code(304).send();
  const { body, encoding } = chooseEncoding(request.raw, file);
  return reply
    .headers(encoding)
    .type(CONTENT_TYPES[type] ?? 'application/octet-stream')
    .send(body);
}
