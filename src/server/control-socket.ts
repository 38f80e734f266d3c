/** The socket in the data folder by which the command line talks to the process that owns the data. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join, relative } from 'node:path';
import type { Api } from './api/api.ts';
import { closeServer, listening } from './listen.ts';

/** Linux takes 107 bytes for a socket's path, macOS 103. */
const PATH_BYTES = 103;

/** Where the socket of a data folder is; relative to the working folder when the whole path is too long for a socket. */
export function controlPath(dataDir: string, name = 'control.sock'): string {
  const whole = join(dataDir, name);
  const near = relative(process.cwd(), whole);
  const path = Buffer.byteLength(whole) <= PATH_BYTES || near.length > whole.length ? whole : near;
  if (Buffer.byteLength(path) > PATH_BYTES) {
    throw new Error(`The path ${whole} is too long for a socket; use a data folder with a shorter path.`);
  }
  return path;
}

/**
 * Listens at `data/control.sock`, for the owner of the folder alone. Whoever calls holds the folder's lock, so a socket
 * that is there already was left by a process that was killed. A command that owns the folder for a moment names a
 * socket of its own: others would find it gone between two requests.
 */
export async function openControlSocket(api: Api, path: string): Promise<{ close(): Promise<void> }> {
  rmSync(path, { force: true });
  const server: Server = createServer((request, response) => {
    api.markControl(request);
    api.listener(request, response);
  });
  await listening(server, { path });
  chmodSync(path, 0o600);
  return {
    async close() {
      await closeServer(server);
      rmSync(path, { force: true });
    },
  };
}
