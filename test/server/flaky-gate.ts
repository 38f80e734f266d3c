/** A gate in front of a server of a database: it lets through, refuses, is slow, hangs, or cuts answers off. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What becomes of connections: closed at once; never answered; closed instead of answered; every piece late; let through. */
export const GATE_STATES = ['refuse', 'hang', 'cut', 'slow', 'open'] as const;
/** One of GATE_STATES. */
export type GateState = (typeof GATE_STATES)[number];

/** How late each piece of an answer is at a slow gate. */
const SLOW_MS = 200;

/** A gate, open. */
export interface FlakyGate {
  port: number;
  /** Sets what becomes of connections, those that are open included. */
  set(state: GateState): void;
  close(): Promise<void>;
}

/** Puts a gate in front of a port of this machine. */
export async function startGate(to: number): Promise<FlakyGate> {
  let state: GateState = 'open';
  const sockets = new Set<Socket>();

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  }

  function answer(client: Socket, piece: Buffer): void {
    if (state === 'hang') return;
    if (state === 'cut' || state === 'refuse') client.resetAndDestroy();
    else if (state === 'slow') setTimeout(() => client.destroyed || client.write(piece), SLOW_MS);
    else client.write(piece);
  }

  const server = createServer((client) => {
    keep(client);
    if (state === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const behind = connect(to, '127.0.0.1');
    keep(behind);
    client.on('data', (piece) => state === 'hang' || behind.write(piece));
    behind.on('data', (piece) => answer(client, piece));
    client.on('close', () => behind.destroy());
    behind.on('close', () => setTimeout(() => client.destroy(), state === 'slow' ? SLOW_MS : 0));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      // What hung is over when the gate does something else, as when a router comes back.
      if (state === 'hang' && next !== 'hang') for (const socket of sockets) socket.resetAndDestroy();
      state = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
