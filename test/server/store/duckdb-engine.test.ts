/** The engine's threads: one while segments are loaded, all of them for questions when nothing is written. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DuckdbEngine } from '../../../src/server/store/duckdb-engine.ts';

let folder: string;
let engine: DuckdbEngine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'goalpost-engine-'));
  engine = await DuckdbEngine.open({ path: join(folder, 'events.duckdb'), threads: 2 });
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const SETTING = "SELECT current_setting('threads')::INTEGER AS threads";

async function threadsNow(): Promise<number | undefined> {
  const [row] = await engine.read<{ threads: number }>(SETTING, []);
  return row?.threads;
}

describe('the threads of the engine', () => {
  it('are one within a write and all again when writing has ended', async () => {
    const within = await engine.write((run) => run<{ threads: number }>(SETTING));
    expect(within).toEqual([{ threads: 1 }]);
    await expect.poll(threadsNow).toBe(2);
    expect(await engine.write((run) => run<{ threads: number }>(SETTING))).toEqual([{ threads: 1 }]);
  });

  it('come back after a write that failed too', async () => {
    await expect(engine.write((run) => run('SELECT nothing'))).rejects.toThrow('nothing');
    await expect.poll(threadsNow).toBe(2);
  });
});
