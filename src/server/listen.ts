/** Sockets: opening them with errors in words, and closing them without cutting answers off. */
import type { Server } from 'node:http';
import type { ListenOptions } from 'node:net';

/** Idle connections are closed at once, busy ones when they are answered, all of them after this. */
const CLOSE_MS = 5_000;
/** So long a connection that was busy when the server began to close may stay silent. */
const LAST_WORDS_MS = 100;

/** Resolves when the server listens. Throws an Error in words when the port is taken or forbidden. */
export function listening(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(inWords(error, options));
    server.once('error', fail);
    server.listen(options, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function inWords(error: NodeJS.ErrnoException, { host, port, path }: ListenOptions): Error {
  const place = path ?? `${host}:${port}`;
  if (error.code === 'EADDRINUSE') {
    return new Error(`${place} is taken by another process; choose another port with --port (0 takes any free one).`);
  }
  if (error.code === 'EACCES') return new Error(`Listening on ${place} is not permitted here.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new Error(`${host} is no address of this machine; correct --host.`);
  }
  return error;
}

/** The URL of a listening server as clients on this machine reach it. */
export function urlOf(server: Server, host: string): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  const anywhere = host === '0.0.0.0' || host === '::';
  const name = anywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${address.port}`;
}

/**
 * Takes no more connections and resolves when the open ones have ended. What a client still sends on one is answered as its
 * last: under load connections are never idle, and would be served until they are cut off.
 */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  server.prependListener('request', (_, response) => {
    response.shouldKeepAlive = false;
  });
  server.keepAliveTimeout = LAST_WORDS_MS;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed;
  clearTimeout(timer);
}
