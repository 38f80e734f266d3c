/** Visible time over a session: added up once, whatever stops, refuses or asks again in between. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BeaconEvent } from '../../../src/core/beacon.ts';
import { freshId, type Running, runCollector, view } from './running-collector.ts';

const MINUTE = 60_000;

/** A collector with a goal of a minute over a session, and a view that was shown. */
async function reading(): Promise<Running & { look: (en: number) => Partial<BeaconEvent> }> {
  const running = await runCollector();
  await running.goal({ name: 'Reader', trigger: { type: 'time_spent', seconds: 60, span: 'session' } });
  const shown = view();
  await running.post([shown]);
  return Object.assign(running, {
    look: (en: number) => ({ i: freshId(), n: '$engagement', a: 0, pv: shown.i!, en }),
  });
}

async function conversions({ rows }: Running): Promise<number> {
  return (await rows('SELECT key FROM conversions')).length;
}

/** Takes the journal's folder away until the function that is answered is called: no segment can be made. */
async function withoutJournal({ folder }: Running): Promise<() => Promise<void>> {
  const journal = join(folder, 'journal');
  await rename(journal, `${journal}.away`);
  await writeFile(journal, '');
  return async () => {
    await rm(journal);
    await rename(`${journal}.away`, journal);
  };
}

describe('visible time over a session', () => {
  it('goes on after a restart', async () => {
    const running = await reading();
    await running.post([running.look(20_000)]);
    await running.restart();
    running.clock.ms += 10 * MINUTE;
    await running.post([running.look(20_000)]);
    await running.restart();
    expect(await conversions(running)).toBe(0);
    await running.post([running.look(19_999)]);
    expect(await conversions(running)).toBe(0);
    await running.post([running.look(1)]);
    expect(await conversions(running)).toBe(1);
    await running.restart();
    await running.post([running.look(90_000)]);
    expect(await conversions(running)).toBe(1);
  });

  it('is not added twice when a browser asks again, also after a restart', async () => {
    const running = await reading();
    const looked = running.look(40_000);
    await running.post([looked]);
    await running.post([looked]);
    await running.restart();
    const { answer } = await running.post([looked]);
    expect(answer).toMatchObject({ accepted: 0, dropped: [{ i: looked.i, reason: 'duplicate' }] });
    expect(await conversions(running)).toBe(0);
    await running.post([running.look(20_000)]);
    expect(await conversions(running)).toBe(1);
  });

  it('of an event that could not be written is taken back, and counts when it comes again', async () => {
    const running = await reading();
    await running.collector.fresh();
    const giveBack = await withoutJournal(running);
    // A segment that was opened before takes some; then none can be made.
    const looked = running.look(60_000);
    let status = 202;
    while (status === 202) ({ status } = await running.post([running.look(0)]));
    expect((await running.post([looked])).status).toBe(503);
    await giveBack();
    expect((await running.post([looked])).answer).toMatchObject({ accepted: 1, dropped: [] });
    expect(await conversions(running)).toBe(1);
  });
});
