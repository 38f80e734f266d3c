/** Who goes when there are too many connections: the one that has been silent the longest, never one that waits for its answer. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { keepRoom } from '../../../src/server/api/connection-room.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

/** A server with room for so many connections, which answers when it is told to. */
async function serve(limit: number) {
  const asked: ServerResponse[] = [];
  const server = createServer((_, response) => asked.push(response));
  keepRoom(server, limit);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    /** A connection, once the server has it and, if it says something whole, its request. */
    async join(said: string): Promise<Socket> {
      const had = once(server, said === GET ? 'request' : 'connection');
      const socket = connect(port, '127.0.0.1', () => socket.write(said));
      socket.on('error', () => undefined).resume();
      onTestFinished(() => void socket.destroy());
      await had;
      return socket;
    },
  };
}

/** Resolves when it has ended, in whatever way. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

test.each([
  ['nothing', ''],
  ['half a head', 'GET / HT'],
  ['half a body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf'],
])('a newcomer takes the place of whoever has been silent the longest after %s', async (_, half) => {
  const { join } = await serve(3);
  const first = await join(half);
  const others = [await join(half), await join(half)];
  const gone = closed(first);
  await join(GET);
  await gone;
  expect(others.map((socket) => socket.closed)).toEqual([false, false]);
});

test('who waits for an answer stays, however long ago it asked', async () => {
  const { asked, join } = await serve(2);
  const waiting = await join(GET);
  const silent = await join('');
  const gone = closed(silent);
  const next = await join(GET);
  await gone;
  const refused = await join('');
  await closed(refused);
  const answers = [waiting, next].map((socket) => once(socket, 'data'));
  for (const response of asked) response.end('ok');
  for (const [answer] of await Promise.all(answers)) expect(String(answer)).toContain('200 OK');
});

test('who was answered and asks again is the last to go', async () => {
  const { asked, join } = await serve(2);
  const first = await join(GET);
  asked[0]!.end('ok');
  await once(first, 'data');
  const second = await join(GET);
  asked[1]!.end('ok');
  await once(second, 'data');
  first.write(GET);
  while (asked.length < 3) await new Promise((resolve) => setImmediate(resolve));
  asked[2]!.end('ok');
  await once(first, 'data');
  const gone = closed(second);
  await join('');
  await gone;
  expect(first.closed).toBe(false);
});
