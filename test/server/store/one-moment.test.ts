/** Reading together, writing alone, in the order they came. */
import { describe, expect, it } from 'vitest';
import { OneMoment } from '../../../src/server/store/one-moment.ts';

/** Work that ends when it is told to, and notes when it began. */
function work(log: string[], name: string) {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    end,
    run: async () => {
      log.push(name);
      await ended;
    },
  };
}

/** All that can happen by itself has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('one moment', () => {
  it('lets readers in together, a writer alone, and nobody past who waits', async () => {
    const moment = new OneMoment();
    const log: string[] = [];
    const a = work(log, 'a');
    const b = work(log, 'b');
    const c = work(log, 'c');
    const d = work(log, 'd');
    const all = [moment.read(a.run), moment.read(b.run), moment.write(c.run), moment.read(d.run)];
    await settled();
    expect(log).toEqual(['a', 'b']);
    a.end();
    await settled();
    expect(log).toEqual(['a', 'b']);
    b.end();
    await settled();
    expect(log).toEqual(['a', 'b', 'c']);
    c.end();
    await settled();
    expect(log).toEqual(['a', 'b', 'c', 'd']);
    d.end();
    await Promise.all(all);
  });

  it('goes on after work that failed', async () => {
    const moment = new OneMoment();
    await expect(moment.write(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(moment.read(() => Promise.reject(new Error('nor this')))).rejects.toThrow('nor this');
    await expect(moment.write(async () => 'yes')).resolves.toBe('yes');
  });
});
