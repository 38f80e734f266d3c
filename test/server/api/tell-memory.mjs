/** Loaded into a server under test before its own modules: tells whoever started it what it remembers, all garbage collected. */
import { setImmediate as turn } from 'node:timers/promises';

process.on('message', async () => {
  // What is finalised after a collection is free in the next one.
  for (let times = 0; times < 3; times += 1) {
    globalThis.gc();
    await turn();
  }
  process.send(process.memoryUsage());
});
// It does not keep the server from stopping.
process.channel.unref();
