/** A backup holds what was acknowledged, counted or not yet, and a restored server counts all of it once. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copySegments } from '../../src/server/collector/segment.ts';
import { readConfig } from '../../src/server/config.ts';
import { openLog } from '../../src/server/log.ts';
import { restoreBackup } from '../../src/server/restore.ts';
import { startServer } from '../../src/server/serve.ts';
import { serverOfTest, type TestServer } from './api/running-server.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

async function folderOfTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'goalpost-restore-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** Asks at the control socket, as the command line does. */
function askOwner(server: TestServer, body: unknown): Promise<number> {
  return new Promise((resolve, reject) => {
    const socketPath = join(server.data_dir, 'control.sock');
    const sent = request({ socketPath, method: 'POST', path: '/api/backup' }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject).end(JSON.stringify(body));
  });
}

test('what is sent while a backup is taken is in it or after it, and restored exactly once', async () => {
  const server = await serverOfTest();
  const { site, key } = await server.addSite('shop.example');
  const made = await server.ask('POST', `/api/sites/${site.id}/goals`, {
    key,
    body: { name: 'Bought', trigger: { type: 'event', name: 'bought' } },
  });
  const goal = String(made.json().id);
  const send = async (): Promise<void> => {
    const event = { i: crypto.randomUUID(), n: 'bought', a: 0, u: 'https://shop.example/' };
    const body = { v: 1, s: site.key, t: 0, r: 0, e: [event] };
    expect((await server.ask('POST', '/e', { body, headers: { 'user-agent': CHROME } })).status).toBe(202);
  };
  const countedBy = async (url: string): Promise<number> => {
    // A question waits ten seconds for what was acknowledged; a busy machine may need another.
    const answer = await fetch(`${url}/api/sites/${site.id}/goals/${goal}/stats?fresh=true`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const body = (await answer.json()) as { conversions: number };
    return answer.status === 503 ? countedBy(url) : body.conversions;
  };
  for (let sent = 0; sent < 20; sent += 1) await send();
  const folder = join(await folderOfTest(), 'backup');
  let isTaken = false;
  let during = 0;
  const load = async (): Promise<void> => {
    while (!isTaken) {
      await send();
      during += 1;
    }
  };
  const [status] = await Promise.all([
    askOwner(server, { folder }).finally(() => {
      isTaken = true;
    }),
    load(),
  ]);
  expect(status).toBe(201);
  // A journal that the engine had not taken when it was copied: the records of the backup a second time, and more.
  await send();
  await copySegments(join(server.data_dir, 'journal'), join(folder, 'journal'));
  expect((await readdir(join(folder, 'journal'))).length).toBeGreaterThan(0);

  const data = await folderOfTest();
  const config = readConfig({ port: '0', data }, { GOALPOST_RATE_LIMIT: 'off' });
  await restoreBackup(config, folder);
  const restored = await startServer(config, openLog('silent'));
  onTestFinished(() => restored.stop());
  const counted = await countedBy(restored.url);
  expect(counted).toBeGreaterThanOrEqual(21);
  expect(counted).toBeLessThanOrEqual(21 + during);
  expect(await countedBy(server.url)).toBe(21 + during);
});
