/** Ports of this machine that nobody listens on, and that nobody is given who asks for any. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what systems give to who asks for port 0 or connects: else somebody had it before its server begins, or comes back. */
const FIRST = 12_000;
const LAST = 30_000;

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const isListening = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]).catch(() => false);
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}

/** So many free ports, all different, by chance, so that tests that run side by side do not meet. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}
