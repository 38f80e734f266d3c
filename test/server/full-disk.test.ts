/** A server whose disk fills up: it says so, takes nothing it could lose, and goes on by itself when there is room. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { goalpost, goalpostApi, startGoalpost } from '../../demo/goalpost.mjs';

/** Programs that name themselves are bots, and not counted. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const ROOM_BYTES = 2_000_000;
const EVENTS = 20;

/** A disk of 24 megabytes; undefined where nobody may mount one. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'goalpost-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmdirSync(folder);
    return undefined;
  }
}

const disk = smallDisk();

describe.runIf(disk !== undefined)('a server with a full disk', () => {
  const folder = String(disk);
  const data = join(folder, 'data');
  const environment = { GOALPOST_RATE_LIMIT: 'off', GOALPOST_LOG: 'silent' };

  test('refuses with 503, counts what it acknowledged, and recovers without a hand', async () => {
    onTestFinished(() => {
      execFileSync('umount', ['-l', folder]);
      rmdirSync(folder);
    });
    const site = await goalpost(['site', 'add', 'shop.example'], { data });
    const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data });
    const server = await startGoalpost({ data, environment });
    onTestFinished(() => server.stop());
    const api = goalpostApi({ url: server.url, key });
    const goals = `/api/sites/${site.id}/goals`;
    const goal = await api.call('POST', goals, { name: 'Bought', trigger: { type: 'event', name: 'bought' } });
    const counted = async () => (await api.call('GET', `${goals}/${goal.id}/stats?fresh=true`)).conversions;
    const ready = async () => (await fetch(`${server.url}/ready`)).status;
    let acknowledged = 0;
    const send = async (): Promise<number> => {
      const events = Array.from({ length: EVENTS }, () => ({
        i: crypto.randomUUID(),
        n: 'bought',
        a: 0,
        u: 'https://shop.example/',
        p: { ballast: crypto.randomUUID().repeat(40) },
      }));
      const body = JSON.stringify({ v: 1, s: site.key, t: 0, r: 0, e: events });
      const answer = await fetch(`${server.url}/e`, { method: 'POST', body, headers: { 'user-agent': BROWSER } });
      await answer.text();
      if (answer.status === 202) acknowledged += EVENTS;
      return answer.status;
    };

    expect(await send()).toBe(202);
    await expect.poll(counted).toBe(acknowledged);
    const { bavail, bsize } = statfsSync(folder);
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - ROOM_BYTES)));
    let status = 202;
    while (status === 202) status = await send();
    expect(status).toBe(503);
    // A refusal is remembered for some seconds; and what is drained meanwhile may leave room for one more.
    const refusedNow = async () => ((await send()) === 503 ? ready() : undefined);
    await expect.poll(refusedNow).toBe(503);
    const refused = await api.request('POST', goals, {
      name: 'Other',
      trigger: { type: 'event', name: 'x'.repeat(400) },
    });
    expect([201, 503]).toContain(refused.status);
    expect((await api.request('GET', `${goals}/${goal.id}/stats`)).status).toBe(200);

    rmSync(join(folder, 'ballast'));
    await expect.poll(send).toBe(202);
    await expect.poll(counted).toBe(acknowledged);
    await expect.poll(ready).toBe(200);
    const made = await api.request('POST', goals, { name: 'Third', trigger: { type: 'event', name: 'third' } });
    expect(made.status).toBe(201);
    expect(server.child.exitCode).toBeNull();
  });
});
