/**
 * Who goes when there are too many connections: the one that has been silent the longest or does not read, never one that waits
 * for its answer. And what one connection may ask at once.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { keepRoom } from '../../../src/server/api/connection-room.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

/** A server with room for so many connections, which answers when it is told to. */
async function serve(limit: number) {
  const asked: ServerResponse[] = [];
  const server = createServer();
  keepRoom(server, limit, (_, response) => asked.push(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    server,
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

/** More than any system takes for somebody who does not read. */
const MUCH = Buffer.alloc(64 * 1_048_576);

/** How much of an answer a client that did not read it had been sent, once the server has let go of it. */
async function readAtLast(client: Socket, response: ServerResponse): Promise<number> {
  await once(response, 'close');
  let bytes = 0;
  client.on('data', (chunk) => {
    bytes += chunk.length;
  });
  const gone = closed(client);
  client.resume();
  await gone;
  return bytes;
}

test('who does not read its answer gives way', async () => {
  const { asked, join } = await serve(2);
  const client = (await join(GET)).pause();
  const waiting = await join(GET);
  const read = readAtLast(client, asked[0]!);
  asked[0]!.end(MUCH);
  await join(GET);
  expect(await read).toBeLessThan(MUCH.length);
  expect([waiting.closed, asked[1]!.destroyed]).toEqual([false, false]);
});

test('who does not read its answer is let go after a while, who waits for one is not', async () => {
  const { asked, join } = await serve(9);
  const waiting = await join(GET);
  const client = (await join(GET)).pause();
  const read = readAtLast(client, asked[1]!);
  asked[1]!.end(MUCH);
  for (const response of asked) response.socket?.setTimeout(40);
  expect(await read).toBeLessThan(MUCH.length);
  const answer = once(waiting, 'data');
  asked[0]!.end('ok');
  expect(String((await answer)[0])).toContain('200 OK');
});

test('requests sent at once are answered one after the other, the next when the client has read the last', async () => {
  const { asked, join, server } = await serve(9);
  const last = new Promise<void>((resolve) => {
    let requests = 0;
    server.on('request', () => {
      requests += 1;
      if (requests === 4) resolve();
    });
  });
  const client = await join(GET);
  client.write(GET.repeat(3));
  await last;
  const seen: number[] = [];
  for (let at = 0; at < 4; at += 1) {
    seen.push(asked.length);
    const answer = once(client, 'data');
    asked[at]!.end(`answer ${at}`);
    expect(String((await answer)[0])).toContain(`answer ${at}`);
  }
  expect(seen).toEqual([1, 2, 3, 4]);
});

test('who sends very many requests at once and reads nothing is cut off, and nothing was made for it', async () => {
  const { asked, join } = await serve(9);
  const client = await join(GET);
  const gone = closed(client);
  client.write(GET.repeat(1_000));
  await gone;
  expect(asked.length).toBe(1);
});
