/**
 * Ports of this machine that nobody listens on, and that the system gives to nobody: what it chooses itself, for connections
 * above all, is higher. So a server that ends and comes back finds its port as it left it. No two processes of tests are
 * given the same one, for each has blocks of its own: whoever listens on a block's first port has the others.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Above what well-known servers have, below what systems choose themselves: Linux from 32768, others from 49152. */
const FROM = 12_000;
const TO = 30_000;
const BLOCK = 30;

/** The ports of this process's latest block that were not given away. */
const left = [];

/**
 * Listens on a port; undefined when somebody else does.
 * @param {number} port
 */
async function listen(port) {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return server;
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    return undefined;
  }
}

/** Takes a block that nobody has, for as long as this process lives. */
async function takeBlock() {
  for (;;) {
    const first = FROM + BLOCK * randomInt((TO - FROM) / BLOCK);
    const server = await listen(first);
    if (server === undefined) continue;
    server.unref();
    left.push(...Array.from({ length: BLOCK - 1 }, (_, index) => first + 1 + index));
    return;
  }
}

/** The next port of the block on which nobody listens. */
async function nextPort() {
  for (;;) {
    const port = left.pop();
    if (port === undefined) {
      await takeBlock();
      continue;
    }
    const server = await listen(port);
    if (server === undefined) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/**
 * So many free ports, which nobody is given again.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const ports = [];
  while (ports.length < count) ports.push(await nextPort());
  return ports;
}
