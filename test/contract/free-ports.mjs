/**
 * Ports of this machine that nobody listens on, and that the system gives to nobody: what it chooses itself, for connections
 * above all, is higher. So a server that ends and comes back finds its port as it left it.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Above what well-known servers have, below what systems choose themselves: Linux from 32768, others from 49152. */
const FROM = 12_000;
const TO = 30_000;

/** Listens on any port of the range; who chose one that is taken chooses again. */
async function listen() {
  for (;;) {
    const server = createServer();
    const port = randomInt(FROM, TO);
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
      return { server, port };
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
}

/**
 * So many free ports, all different: held together, then let go.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const held = await Promise.all(Array.from({ length: count }, listen));
  await Promise.all(held.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  return held.map(({ port }) => port);
}
