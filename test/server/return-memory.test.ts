/** Memory that only starting needed goes back. */
import { describe, expect, it } from 'vitest';
import { returnMemory } from '../../src/server/return-memory.ts';

const MIB = 1_048_576;

describe('returning memory', () => {
  it('leaves the heap as large as what is in it', async () => {
    let made: number[][] = [];
    for (let n = 0; n < 200; n += 1) made.push(Array.from({ length: 50_000 }, (_, at) => at + n));
    const before = process.memoryUsage().heapTotal;
    expect(made.length).toBe(200);
    made = [];
    await returnMemory();
    expect(process.memoryUsage().heapTotal).toBeLessThan(before - 40 * MIB);
  });
});
