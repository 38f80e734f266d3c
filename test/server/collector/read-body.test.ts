/** Bodies as raw sockets send them: in pieces, half, slow, too long. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readBody } from '../../../src/server/collector/read-body.ts';
import { runCollector } from './running-collector.ts';

/** What a server heard that gives bodies so much time. */
async function serve(limit_ms: number): Promise<{ port: number; heard: Promise<string>; aborted: Promise<unknown> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const asked = once(server, 'request');
  const heard = asked.then(
    ([request]) =>
      new Promise<string>((resolve) => readBody(request, (problem, text) => resolve(problem?.code ?? text), limit_ms)),
  );
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    aborted: asked.then(([request]) => new Promise((resolve) => request.on('close', resolve))),
  };
}

function head(length: number | 'chunked'): string {
  const size = length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
  return `POST /e HTTP/1.1\r\nHost: goals.example\r\n${size}\r\n\r\n`;
}

describe('a body', () => {
  it('is put together from its pieces', async () => {
    const { port, heard } = await serve(5_000);
    const socket = connect(port, '127.0.0.1');
    // The pieces cut a character in two.
    const bytes = Buffer.from('{"a":"ä"}');
    socket.write(head(bytes.length));
    for (const piece of [bytes.subarray(0, 7), bytes.subarray(7)]) {
      socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await heard).toBe('{"a":"ä"}');
    socket.destroy();
  });

  it('that does not arrive in time is given up', async () => {
    const { port, heard } = await serve(20);
    const socket = connect(port, '127.0.0.1');
    socket.write(`${head(100)}half`);
    expect(await heard).toBe('invalid_body');
    socket.destroy();
  });

  it('of unknown length that never ends is given up', async () => {
    const { port, heard } = await serve(20);
    const socket = connect(port, '127.0.0.1');
    socket.write(`${head('chunked')}4\r\nhalf\r\n`);
    expect(await heard).toBe('invalid_body');
    socket.destroy();
  });

  it('whose sender goes away is forgotten', async () => {
    const { port, aborted } = await serve(5_000);
    const socket = connect(port, '127.0.0.1');
    socket.write(`${head(100)}half`);
    await once(socket, 'connect');
    setImmediate(() => socket.destroy());
    await aborted;
  });
});

describe('a raw socket', () => {
  it('gets its answer and is closed when its body is too long', async () => {
    const { url } = await runCollector();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`${head(1_000_000)}half`);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*\r\nConnection: close\r\n/s);
  });

  it('gets its answers in order when it does not wait for them', async () => {
    const { url } = await runCollector();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const bodies = ['{"v":1,"s":"shop.example","e":[]}', 'no JSON', '{"v":1,"s":"nobody.example","e":[]}'];
    for (const body of bodies) socket.write(head(body.length) + body);
    let answer = '';
    while (!answer.includes('404')) answer += (await once(socket, 'data'))[0];
    expect([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['202', '400', '404']);
    socket.destroy();
  });
});
