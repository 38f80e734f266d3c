/** The gate: few at once, a bounded queue, first come first served. */
import { describe, expect, it } from 'vitest';
import { QueryGate } from '../../../src/server/store/query-gate.ts';

/** Work that ends when it is told to. */
function held() {
  let release = () => {};
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release };
}

describe('the gate', () => {
  it('lets two run, keeps the rest in order and refuses beyond its queue', async () => {
    const gate = new QueryGate({ at_once: 2, waiting: 2 });
    const works = [held(), held(), held(), held()];
    const started: number[] = [];
    const asked = works.map(({ promise }, n) =>
      gate.pass(() => {
        started.push(n);
        return promise;
      }),
    );
    await expect(gate.pass(async () => {})).rejects.toMatchObject({ code: 'overloaded', retry_after_s: 2 });
    expect(started).toEqual([0, 1]);
    works[1]!.release();
    await asked[1];
    expect(started).toEqual([0, 1, 2]);
    for (const { release } of works) release();
    await Promise.all(asked);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('gives the place on when work fails', async () => {
    const gate = new QueryGate({ at_once: 1, waiting: 1 });
    const failing = gate.pass(() => Promise.reject(new Error('broken')));
    const next = gate.pass(async () => 'done');
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('done');
    expect(await gate.pass(async () => 'again')).toBe('again');
  });
});
