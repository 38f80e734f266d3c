/** Visitors under rotating salts. */
import { describe, expect, it } from 'vitest';
import { Identity, identifiedSession, identifiedVisitor } from '../../../src/server/collector/identity.ts';

const MIDNIGHT = Date.UTC(2026, 4, 2);
const HOUR = 3_600_000;
const sender = { site: 1, address: '198.51.100.1', user_agent: 'Mozilla/5.0' };

async function identityAt(now_ms: number, asked: string[] = []): Promise<Identity> {
  const identity = new Identity(
    {
      saltFor: async (day) => {
        asked.push(day);
        return `salt of ${day}`;
      },
    },
    () => undefined,
  );
  await identity.start(() => now_ms);
  return identity;
}

describe('the default identity', () => {
  it('is a 64-bit number that depends on site, address, user agent and day', async () => {
    const identity = await identityAt(MIDNIGHT - HOUR);
    const visitor = identity.visitor(sender, MIDNIGHT - 1);
    expect(visitor).toMatch(/^\d{1,20}$/);
    expect(BigInt(visitor)).toBeLessThan(2n ** 64n);
    expect(identity.visitor({ ...sender }, MIDNIGHT - 1)).toBe(visitor);
    expect(identity.visitor({ ...sender, site: 2 }, MIDNIGHT - 1)).not.toBe(visitor);
    expect(identity.visitor({ ...sender, address: '198.51.100.2' }, MIDNIGHT - 1)).not.toBe(visitor);
    expect(identity.visitor({ ...sender, user_agent: 'Other' }, MIDNIGHT - 1)).not.toBe(visitor);
    expect(identity.visitor(sender, MIDNIGHT)).not.toBe(visitor);
    identity.stop();
  });

  it("is known as yesterday's for half an hour past midnight, and longer while its session lives", async () => {
    const identity = await identityAt(MIDNIGHT - HOUR);
    const before = identity.visitor(sender, MIDNIGHT - 1);
    identity.visitor(sender, MIDNIGHT + 1);
    expect(identity.yesterdaysVisitor(sender, MIDNIGHT + HOUR / 2)).toBe(before);
    expect(identity.yesterdaysVisitor(sender, MIDNIGHT + HOUR / 2 + 1)).toBeUndefined();
    identity.keepYesterday(MIDNIGHT + HOUR / 2);
    expect(identity.yesterdaysVisitor(sender, MIDNIGHT + HOUR)).toBe(before);
    expect(identity.yesterdaysVisitor(sender, MIDNIGHT + HOUR + 1)).toBeUndefined();
    identity.stop();
  });

  it("asks for tomorrow's salt before midnight, and not earlier than needed", async () => {
    const asked: string[] = [];
    (await identityAt(MIDNIGHT - 2 * HOUR, asked)).stop();
    expect(asked).toEqual(['2026-04-30', '2026-05-01']);
    asked.length = 0;
    (await identityAt(MIDNIGHT - HOUR, asked)).stop();
    expect(asked).toEqual(['2026-04-30', '2026-05-01', '2026-05-02']);
  });

  it.each([
    ['back', -30],
    ['forth', 400],
  ])("asks for the day's salt when the clock was set %s by days", async (_, days) => {
    const identity = await identityAt(MIDNIGHT - 2 * HOUR);
    const later = MIDNIGHT + days * 24 * HOUR;
    const make = () => identity.visitor(sender, later);
    expect(make).toThrow(expect.objectContaining({ code: 'overloaded', retry_after_s: 1 }));
    await expect.poll(make).toMatch(/^\d+$/);
    expect(make()).not.toBe(identity.visitor(sender, later - 24 * HOUR));
    identity.stop();
  });

  it("refuses to make visitors without the day's salt", async () => {
    const identity = await identityAt(MIDNIGHT - 2 * HOUR);
    expect(() => identity.visitor(sender, MIDNIGHT)).toThrow(expect.objectContaining({ code: 'overloaded' }));
    identity.stop();
  });
});

describe('a kept identity', () => {
  it('is the same for ever, and another on every site', () => {
    expect(identifiedVisitor(1, 'u-1')).toBe(identifiedVisitor(1, 'u-1'));
    expect(identifiedVisitor(1, 'u-1')).not.toBe(identifiedVisitor(2, 'u-1'));
    expect(identifiedSession('1', 'u-1')).not.toBe(identifiedVisitor(1, 'u-1'));
    expect(identifiedVisitor(1, '1\nu')).not.toBe(identifiedVisitor(11, 'u'));
  });
});
