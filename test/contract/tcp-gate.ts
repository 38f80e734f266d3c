/** A gate on loopback in front of a server: closed, who is behind it cannot be reached through it, and by others still can. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePorts } from './free-ports.mjs';

/** A gate that can be closed and opened. */
export interface TcpGate {
  port: number;
  open(): Promise<void>;
  /** Refuses newcomers and cuts off who is inside. */
  close(): Promise<void>;
}

/** Makes an open gate to a port of this machine. */
export async function startGate(to: number): Promise<TcpGate> {
  const inside = new Set<Socket>();
  const [port = 0] = await freePorts(1);
  let server: Server;
  const pass = (socket: Socket): void => {
    const other = connect(to, '127.0.0.1');
    for (const [one, next] of [
      [socket, other],
      [other, socket],
    ] as const) {
      inside.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          inside.delete(one);
          next.destroy();
        });
      one.pipe(next);
    }
  };
  const open = async (): Promise<void> => {
    server = createServer(pass).listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await open();
  return {
    port,
    open,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of inside) socket.destroy();
      await closed;
    },
  };
}
