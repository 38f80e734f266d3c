/** How a server closes: whoever is being answered is answered, and told that it was the last time. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { closeServer } from '../../src/server/listen.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

test('what is asked of a server that closes is answered, and ends its connection', async () => {
  const asked: ServerResponse[] = [];
  const server = createServer((_, response) => void asked.push(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  const ended = once(socket, 'close');
  const ask = async () => {
    const had = once(server, 'request');
    socket.write(GET);
    await had;
  };
  await ask();
  const closed = closeServer(server);
  await ask();
  for (const response of asked) response.end('yes');
  await Promise.all([ended, closed]);
  expect(text.match(/^Connection: .*|yes/gm)).toEqual(['Connection: keep-alive', 'yes', 'Connection: close', 'yes']);
});
