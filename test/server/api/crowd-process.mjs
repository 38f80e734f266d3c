/**
 * A crowd in a process of its own: `node crowd-process.mjs PORT ADDRESS COUNT` opens so many connections from that address,
 * which say nothing, half a head, half a body, or one whole request. A line when all are open; then, for every line that it
 * is sent, how many still are.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const [port, localAddress, count] = process.argv.slice(2);
const AT_ONCE = 100;
const SAID = [
  '',
  'POST /e HTTP/1.1\r\nHost: x\r\n',
  'POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"v":1',
  'GET /health HTTP/1.1\r\nHost: x\r\n\r\n',
];

let open = 0;
const tell = () => process.stdout.write(`${open}\n`);

async function join(number) {
  const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress });
  // Being turned away is what a crowd must expect.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    open -= 1;
  });
  socket.resume();
  await once(socket, 'connect');
  open += 1;
  socket.write(SAID[number % SAID.length]);
}

for (let number = 0; number < Number(count); number += AT_ONCE) {
  const wave = Math.min(AT_ONCE, Number(count) - number);
  await Promise.all(Array.from({ length: wave }, (_, n) => join(number + n)));
}
tell();
createInterface({ input: process.stdin })
  .on('line', tell)
  .on('close', () => process.exit());
