/** The server dies at the worst moments; what it acknowledged is counted, exactly once. No browser takes part. */
import { randomInt, randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { BEACON_EVENTS } from '../src/core/limits.ts';
import { addSite, newDataFolder, openServer, removeDataFolder, type TestSite } from './goalpost-server.ts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** Sends purchases; whether they were acknowledged. A connection that breaks is not an acknowledgement. */
async function buy(url: string, site: TestSite, ids: string[]): Promise<boolean> {
  const events = ids.map((i) => ({ i, n: 'purchase', a: 0, u: 'http://localhost/thank-you', m: '2.50', c: 'EUR' }));
  const body = JSON.stringify({ v: 1, s: site.key, t: Date.now(), r: 0, e: events });
  try {
    const answer = await fetch(`${url}/e`, { method: 'POST', body, headers: { 'User-Agent': BROWSER } });
    return answer.status === 202;
  } catch {
    return false;
  }
}

let data = '';
test.beforeEach(async () => {
  data = await newDataFolder();
});
test.afterEach(() => removeDataFolder(data));

test('what was acknowledged just before the server is killed is counted once after its restart', async () => {
  const first = await openServer(data);
  const site = await addSite(first);
  const goal = await site.goal({ name: 'Purchase', trigger: { type: 'revenue', name: 'purchase' } });
  const id = randomUUID();
  expect(await buy(first.url, site, [id])).toBe(true);
  await first.kill();

  const second = await openServer(data, first.accountKey);
  const again = site.at(second.url);
  expect(await again.statistics(goal)).toMatchObject({ conversions: 1, revenue: [{ currency: 'EUR', total: '2.50' }] });
  expect(await buy(second.url, site, [id])).toBe(true);
  expect(await again.statistics(goal)).toMatchObject({ conversions: 1, revenue: [{ currency: 'EUR', total: '2.50' }] });
  await second.stop();
});

test('killed at random moments under load, the server counts each acknowledged event once', async () => {
  const rounds = process.env.GOALPOST_LONG ? 50 : 5;
  test.setTimeout(300_000 + rounds * 30_000);
  let server = await openServer(data);
  let site = await addSite(server);
  const goal = await site.goal({ name: 'Purchase', trigger: { type: 'revenue', name: 'purchase' } });
  const sent: string[] = [];
  const acknowledged = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const life_ms = randomInt(50, 1_500);
    await test.step(`killed after ${life_ms} ms of load`, async () => {
      const dead = new Promise<void>((resolve) => {
        setTimeout(() => server.kill().then(resolve), life_ms);
      });
      await Promise.race([dead, load({ url: server.url, site, sent, acknowledged })]);
      await dead;
      server = await openServer(data, server.accountKey);
      site = site.at(server.url);
      const { conversions } = await site.statistics(goal);
      expect(conversions).toBeGreaterThanOrEqual(acknowledged.size);
      expect(conversions).toBeLessThanOrEqual(sent.length);
    });
  }
  const again = [...sent];
  while (again.length > 0) expect(await buy(server.url, site, again.splice(0, BEACON_EVENTS))).toBe(true);
  expect((await site.statistics(goal)).conversions).toBe(sent.length);
  await server.stop();
});

/** Sends events, a few at once, until the server no longer answers. */
async function load(to: { url: string; site: TestSite; sent: string[]; acknowledged: Set<string> }): Promise<void> {
  const lane = async (): Promise<void> => {
    for (;;) {
      const id = randomUUID();
      to.sent.push(id);
      if (!(await buy(to.url, to.site, [id]))) return;
      to.acknowledged.add(id);
    }
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
}
