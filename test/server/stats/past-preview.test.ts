/** What a preview says a goal would have counted is what applying the goal to the past then counts. */
import { randomInt } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CountRule } from '../../../src/core/goal.ts';
import { BackfillRunner } from '../../../src/server/stats/backfill-runner.ts';
import { previewPast } from '../../../src/server/stats/past-preview.ts';
import type { EventRow } from '../../../src/server/store/event-row.ts';
import { type OpenedStore, supportedStores } from '../../contract/stores.ts';
import { ORIGIN, withSite } from '../goals/temporary-configuration.ts';
import { eventRow, freshId } from '../store/rows.ts';

const HOUR = 3_600_000;
describe.each(supportedStores())('$name', ({ open }) => {
  let opened: OpenedStore;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.dispose());

  /** Numbers that look random and are the same for the same seed. */
  function numbersFrom(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  /** Sessions of a few visitors with views, orders and a bot, a visitor of its own, within the last days. */
  function pastOf(site: number, now_ms: number, random: (below: number) => number): EventRow[] {
    const rows: EventRow[] = [];
    for (let session = 1; session <= 30; session += 1) {
      let ts = now_ms - random(6 * 24) * HOUR - HOUR;
      const bot = session === 7;
      const visitor = bot ? '13' : String(1 + random(12));
      for (let step = random(5); step >= 0; step -= 1) {
        const path = ['/', '/thanks', '/thanks/again', '/cart'][random(4)] ?? '/';
        const isOrder = random(4) === 0;
        const page = { url: `https://shop.example${path}?step=${random(3)}`, path, hostname: 'shop.example' };
        const bought = { name: 'buy', view: freshId(ts), amount: 5_000_000n, currency: 'EUR' };
        const known = { site, ts, visitor, session: String(session), bot, ...page };
        rows.push(eventRow(isOrder ? { ...known, ...bought, order_id: `${bot ? 'B' : 'A'}-${random(6)}` } : known));
        ts += random(60_000);
      }
    }
    return rows;
  }

  async function compare(definition: Record<string, unknown>, seed: number): Promise<[number, number]> {
    const { configuration, site: ref, clock } = await withSite();
    const { registry, backfills, goals } = configuration;
    const site = registry.find(ref)!.site;
    await opened.load(pastOf(site.number, clock.ms, numbersFrom(seed)));
    const { goal } = await goals.create(ref, { name: 'Goal', ...definition }, ORIGIN);
    const compiled = registry.find(ref)!.goal(goal.id)!;
    const preview = await previewPast(opened.store, { compiled, site }, clock.ms);
    expect(preview).toMatchObject({ known: true, complete: true });
    expect(preview.days.reduce((sum, day) => sum + day.conversions, 0)).toBe(preview.conversions);
    const failures: unknown[] = [];
    const runner = new BackfillRunner({
      jobs: backfills,
      registry,
      store: opened.store,
      now: () => clock.ms,
      fresh: async () => {},
      onFailed: (error) => failures.push(error),
      onPostponed: (error) => failures.push(error),
    });
    const past = { generation: 'current' as const, from_ms: 0, watermark_ms: clock.ms };
    await backfills.start({ site: ref, goal: goal.id }, past, ORIGIN);
    await runner.wake();
    expect(failures).toEqual([]);
    const [row] = await opened.store.query<{ n: number }>(
      `SELECT count(*) AS n FROM conversions WHERE goal = ${goal.number} AND NOT bot`,
      [],
    );
    return [preview.conversions, row?.n ?? -1];
  }

  describe('a preview', () => {
    const visits = { type: 'pageview', url: { match: 'wildcard', value: '/thanks*' } };
    const rules: CountRule[] = ['every', 'once_per_page', 'once_per_session', 'once_per_visitor'];

    test.each(rules)('of a page, counted %s, agrees with the past', async (count) => {
      const seed = randomInt(2 ** 31);
      const [previewed, counted] = await compare({ trigger: visits, count }, seed);
      expect([seed, previewed]).toEqual([seed, counted]);
      expect([seed, previewed > 0]).toEqual([seed, true]);
    });

    test('of an event counts an order once, and says what it saw', async () => {
      const seed = randomInt(2 ** 31);
      const [previewed, counted] = await compare({ trigger: { type: 'revenue', name: 'buy' } }, seed);
      expect([seed, previewed]).toEqual([seed, counted]);
    });

    test('of a click says that the past is not known', async () => {
      const { configuration, site: ref, clock } = await withSite();
      const { goal } = await configuration.goals.create(
        ref,
        { name: 'Buy', trigger: { type: 'element_click', selector: '.buy' } },
        ORIGIN,
      );
      const { site, compiled } = {
        site: configuration.registry.find(ref)!.site,
        compiled: configuration.registry.find(ref)!.goal(goal.id)!,
      };
      const preview = await previewPast(opened.store, { compiled, site }, clock.ms);
      expect(preview).toMatchObject({ known: false, conversions: 0, examples: [] });
      expect(preview.days).toHaveLength(7);
    });
  });
});
