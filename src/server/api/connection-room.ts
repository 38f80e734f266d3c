/** Keeps room for the next connection: of a crowd, those go that have had the longest time and asked for nothing. */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Busy ones are passed over; so many of them at the head of the queue, and it is the newcomer who goes. */
const LOOKED_AT = 64;

/** Whether a whole request has come that is not answered yet. Who sends one slowly is no better than who sends none. */
function isBusy(response: ServerResponse | undefined): boolean {
  return response?.req.complete === true && !response.writableFinished;
}

/**
 * Holds a server to so many connections. The next one takes the place of the one that has been silent the longest:
 * a crowd of half-open connections then shuts nobody out, for whoever speaks at once is at the far end of the queue.
 */
export function keepRoom(server: Server, limit: number): void {
  /** The latest answer of each connection, in the order in which they last asked, or came. */
  const silent = new Map<Socket, ServerResponse | undefined>();
  const giveWay = (newcomer: Socket): void => {
    let looked = 0;
    for (const [socket, response] of silent) {
      if (looked === LOOKED_AT || socket === newcomer) break;
      looked += 1;
      silent.delete(socket);
      if (isBusy(response)) silent.set(socket, response);
      else return void socket.destroy();
    }
    silent.delete(newcomer);
    newcomer.destroy();
  };
  server.on('connection', (socket) => {
    silent.set(socket, undefined);
    socket.once('close', () => silent.delete(socket));
    if (silent.size > limit) giveWay(socket);
  });
  server.on('request', ({ socket }, response) => {
    // One that was closed meanwhile must not come back.
    if (silent.delete(socket)) silent.set(socket, response);
  });
}
