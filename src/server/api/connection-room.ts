/**
 * Keeps room for the next connection: of a crowd, those go that have had the longest time and asked for nothing, or do not
 * read what they asked for. And one connection is answered one request after the other, however many it sends at once.
 */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Busy ones are passed over; so many of them at the head of the queue, and it is the newcomer who goes. */
const LOOKED_AT = 64;
/** Requests of one connection that may wait for the answer to an earlier one. Who sends more does not wait for answers. */
const IN_LINE = 64;
/** How long a connection may neither send nor read anything while nothing of it is worked on. */
const STILL_MS = 60_000;

/**
 * Whether a whole request has come that the server works on. Who sends one slowly is no better than who sends none, nor is
 * who does not read the answer.
 */
function isBusy(socket: Socket, response: ServerResponse | undefined): boolean {
  return response?.req.complete === true && !response.writableFinished && socket.writableLength === 0;
}

/**
 * Holds a server to so many connections, and has `listener` answer their requests. The next connection takes the place of the
 * one that has been silent the longest: a crowd of half-open ones then shuts nobody out, for whoever speaks at once is at the
 * far end of the queue.
 */
export function keepRoom(server: Server, limit: number, listener: RequestListener): void {
  /** The latest answer of each connection, in the order in which they last asked, or came. */
  const silent = new Map<Socket, ServerResponse | undefined>();
  const giveWay = (newcomer: Socket): void => {
    let looked = 0;
    for (const [socket, response] of silent) {
      if (looked === LOOKED_AT || socket === newcomer) break;
      looked += 1;
      silent.delete(socket);
      if (isBusy(socket, response)) silent.set(socket, response);
      else return void socket.destroy();
    }
    silent.delete(newcomer);
    newcomer.destroy();
  };
  const line = new Line(listener);
  server.on('connection', (socket) => {
    silent.set(socket, undefined);
    socket.once('close', () => silent.delete(socket));
    if (silent.size > limit) giveWay(socket);
  });
  server.on('request', (request, response) => {
    const { socket } = request;
    const before = silent.get(socket);
    // One that was closed meanwhile must not come back.
    if (silent.delete(socket)) silent.set(socket, response);
    if (before === undefined || before.writableFinished) listener(request, response);
    else line.join(before, request, response);
  });
  server.setTimeout(STILL_MS, (socket) => {
    if (!isBusy(socket, silent.get(socket))) socket.destroy();
  });
}

/** Requests that came before an earlier one of their connection was answered: a thousand fit into one packet. */
class Line {
  readonly #listener: RequestListener;
  readonly #lengths = new WeakMap<Socket, number>();

  constructor(listener: RequestListener) {
    this.#listener = listener;
  }

  /** Has the request answered once the client has been given the answer before. */
  join(before: ServerResponse, request: IncomingMessage, response: ServerResponse & { req: IncomingMessage }): void {
    const { socket } = request;
    const length = (this.#lengths.get(socket) ?? 0) + 1;
    this.#lengths.set(socket, length);
    if (length > IN_LINE) return void socket.destroy();
    before.once('close', () => {
      this.#lengths.set(socket, (this.#lengths.get(socket) ?? 1) - 1);
      if (!socket.destroyed) this.#listener(request, response);
    });
  }
}
