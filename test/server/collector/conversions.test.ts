/** Goals as the collector decides and counts them, from beacons to conversion rows. */
import { describe, expect, it } from 'vitest';
import { checkServerEvent } from '../../../src/core/check-event.ts';
import { freshId, type Running, runCollector, view } from './running-collector.ts';

const MINUTE = 60_000;

function conversions({ rows }: Running): Promise<Record<string, unknown>[]> {
  return rows('SELECT version, amount::VARCHAR AS amount, currency, order_id FROM conversions ORDER BY ts, amount');
}

function custom(name: string, known: Parameters<typeof view>[0] = {}): ReturnType<typeof view> {
  const { pv: _, ...event } = view({ n: name, ...known });
  return known.pv === undefined ? event : { ...event, pv: known.pv };
}

describe('a conversion', () => {
  it('is decided here for pages and events, whatever the browser says', async () => {
    const running = await runCollector();
    await running.goal({ name: 'Thanks', trigger: { type: 'pageview', url: { match: 'simple', value: '/thanks' } } });
    await running.goal({ name: 'Signup', trigger: { type: 'event', name: 'signup' } });
    await running.post([view({ u: 'https://shop.example/thanks?x=1' }), view(), custom('signup'), custom('other')]);
    expect(await conversions(running)).toHaveLength(2);
  });

  it('is taken from the browser for what only a browser sees, if the goal exists and listens on the page', async () => {
    const running = await runCollector();
    const where = { include: [{ match: 'simple', value: '/buy' }] };
    const goal = await running.goal({ name: 'Buy', trigger: { type: 'element_click', selector: '#buy' }, where });
    const [met, elsewhere, unknown] = [
      custom('$click', { u: 'https://shop.example/buy', g: [goal] }),
      custom('$click', { g: [goal] }),
      custom('$click', { g: ['goal_unknown'] }),
    ];
    const { answer } = await running.post([met, elsewhere, unknown]);
    expect(answer).toMatchObject({
      accepted: 3,
      dropped: [
        { i: elsewhere.i, reason: 'goal_not_met' },
        { i: unknown.i, reason: 'unknown_goal' },
      ],
    });
    expect(await conversions(running)).toHaveLength(1);
  });

  it('is not taken from the browser for what is decided here', async () => {
    const running = await runCollector();
    const goal = await running.goal({ name: 'Signup', trigger: { type: 'event', name: 'signup' } });
    const { answer } = await running.post([custom('other', { g: [goal] })]);
    expect(answer.dropped).toMatchObject([{ reason: 'goal_not_met' }]);
    expect(await conversions(running)).toEqual([]);
  });

  it('that does not count again is told of once an event, however many goals it has', async () => {
    const running = await runCollector();
    for (const name of ['Sale', 'Order']) await running.goal({ name, trigger: { type: 'event', name: 'buy' } });
    const again = custom('buy', { o: 'A-1' });
    await running.post([custom('buy', { o: 'A-1' })]);
    const { answer } = await running.post([again]);
    expect(answer).toMatchObject({ accepted: 1, dropped: [{ i: again.i, reason: 'duplicate_order' }] });
    expect(answer.dropped).toHaveLength(1);
  });

  it('of an inactive goal is not counted', async () => {
    const running = await runCollector();
    await running.goal({ name: 'Signup', active: false, trigger: { type: 'event', name: 'signup' } });
    await running.post([custom('signup')]);
    expect(await conversions(running)).toEqual([]);
  });

  it("carries exact money in the event's, the goal's or the site's currency", async () => {
    const running = await runCollector({ currency: 'CHF' });
    await running.goal({ name: 'Sale', trigger: { type: 'revenue', name: 'sale', currency: 'EUR' } });
    await running.goal({ name: 'Gift', trigger: { type: 'event', name: 'gift' } });
    await running.post([
      custom('sale', { m: '0.1', c: 'USD', a: -3 }),
      custom('sale', { m: '49.99', a: -2 }),
      custom('gift', { m: 0.3, a: -1 }),
    ]);
    expect(await conversions(running)).toMatchObject([
      { amount: '100000', currency: 'USD' },
      { amount: '49990000', currency: 'EUR' },
      { amount: '300000', currency: 'CHF' },
    ]);
  });

  it('reads the money a browser found on the page', async () => {
    const running = await runCollector();
    const goal = await running.goal({
      name: 'Buy',
      trigger: { type: 'element_click', selector: '#buy' },
      value: { mode: 'element', selector: '.price' },
    });
    await running.post([custom('$click', { g: [[goal, '1.299,00 €']] })]);
    expect(await conversions(running)).toMatchObject([{ amount: '1299000000', currency: 'EUR' }]);
  });

  it('of an order counts once, from browser and server', async () => {
    const running = await runCollector();
    await running.goal({ name: 'Sale', trigger: { type: 'revenue', name: 'sale' } });
    await running.post([custom('sale', { m: '10', c: 'EUR', o: 'A-1' })]);
    const { collector, clock } = running;
    const server = checkServerEvent(
      { name: 'sale', amount: '10', currency: 'EUR', order_id: 'A-1' },
      { received_ms: clock.ms, site: running.configuration.registry.find('shop.example')!.site, makeId: freshId },
    );
    const requester = { address: '', user_agent: '', received_ms: clock.ms };
    const answer = await collector.acceptEvents('shop.example', [server], requester);
    expect(answer).toMatchObject({ accepted: 1, dropped: [{ reason: 'duplicate_order' }] });
    expect(await conversions(running)).toHaveLength(1);
    expect(collector.drops(1).totals).toMatchObject([{ reason: 'duplicate_order', count: 1 }]);
  });

  it.each([
    ['every', 5],
    ['once_per_page', 4],
    ['once_per_session', 3],
    ['once_per_visitor', 2],
  ])('with the rule %s counts %i of five', async (count, expected) => {
    const running = await runCollector();
    await running.goal({ name: 'Signup', count, trigger: { type: 'event', name: 'signup' } });
    const [one, two] = [view(), view({ u: 'https://shop.example/2' })];
    await running.post([one, two]);
    for (const page of [one, one, two]) await running.post([custom('signup', { pv: page.i! })]);
    running.clock.ms += 31 * MINUTE;
    const three = view();
    await running.post([three, custom('signup', { pv: three.i! })]);
    const four = view();
    await running.post([four, custom('signup', { pv: four.i! })], { address: '198.51.100.9' });
    expect(await conversions(running)).toHaveLength(expected);
  });

  it('of a click and the submit it causes counts a goal once', async () => {
    const running = await runCollector();
    const goal = await running.goal({ name: 'Form', trigger: { type: 'form_submit', selector: 'form' } });
    const action = freshId();
    const { answer } = await running.post([
      custom('$click', { g: [goal], ac: action }),
      custom('$submit', { g: [goal], ac: action }),
    ]);
    expect(answer.dropped).toMatchObject([{ reason: 'already_counted' }]);
    expect(await conversions(running)).toHaveLength(1);
  });

  it('is recorded with the version the browser decided by', async () => {
    const running = await runCollector();
    const goal = await running.goal({ name: 'Buy', trigger: { type: 'element_click', selector: '#buy' } });
    const r = running.configuration.registry.find('shop.example')!.revision;
    await running.configuration.goals.update(
      { site: 'shop.example', goal },
      { trigger: { type: 'element_click', selector: '.b' } },
      { origin: 'test' },
    );
    await running.post([custom('$click', { g: [goal] })], { batch: { r } });
    running.clock.ms += 1;
    await running.post([custom('$click', { g: [goal] })], { batch: { r: r + 1 } });
    expect((await conversions(running)).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('of time over a session is added up from the engagement of its views', async () => {
    const running = await runCollector();
    await running.goal({ name: 'Reader', trigger: { type: 'time_spent', seconds: 60, span: 'session' } });
    const [one, two] = [view(), view({ u: 'https://shop.example/2' })];
    const read = (pv: string, en: number) => running.post([{ i: freshId(), n: '$engagement', a: 0, pv, en }]);
    await running.post([one, two]);
    await read(one.i!, 30_000);
    expect(await conversions(running)).toEqual([]);
    await read(two.i!, 30_000);
    await read(two.i!, 90_000);
    expect(await conversions(running)).toHaveLength(1);
  });

  it("of a server event joins the visitor's session at that time, else has none", async () => {
    const running = await runCollector();
    await running.goal({ name: 'Paid', trigger: { type: 'event', name: 'paid', source: 'server' } });
    await running.post([view({ f: 'https://duckduckgo.com/' })], { batch: { vi: 'user-1', si: 's-1' } });
    const { clock, collector, configuration } = running;
    const { site } = configuration.registry.find('shop.example')!;
    const event = (known: Record<string, unknown>) =>
      checkServerEvent({ name: 'paid', ...known }, { received_ms: clock.ms, site, makeId: freshId });
    await collector.acceptEvents(
      'shop.example',
      [
        event({ visitor_id: 'user-1' }),
        event({ visitor_id: 'user-1', time: clock.ms - 86_400_000 }),
        event({ visitor_id: 'nobody' }),
        event({}),
      ],
      { address: '', user_agent: '', received_ms: clock.ms },
    );
    expect(
      await running.rows(
        `SELECT visitor IS NOT NULL AS visitor, session IS NOT NULL AS session, source FROM conversions
         ORDER BY visitor, session, ts`,
      ),
    ).toEqual([
      { visitor: false, session: false, source: null },
      { visitor: true, session: false, source: null },
      { visitor: true, session: false, source: null },
      { visitor: true, session: true, source: 'DuckDuckGo' },
    ]);
  });

  it('of a server event weeks ago joins the session of then, also after a restart', async () => {
    const running = await runCollector();
    const kept = { batch: { vi: 'user-1', si: 's-1' } };
    await running.post([view({ f: 'https://duckduckgo.com/' })], kept);
    const then_ms = running.clock.ms;
    running.clock.ms += 20 * 86_400_000;
    await running.restart();
    const { clock, collector, configuration } = running;
    const { site } = configuration.registry.find('shop.example')!;
    const event = checkServerEvent(
      { name: 'paid', visitor_id: 'user-1', time: then_ms + 10 * MINUTE },
      { received_ms: clock.ms, site, makeId: freshId },
    );
    await collector.acceptEvents('shop.example', [event], { address: '', user_agent: '', received_ms: clock.ms });
    expect(await running.rows('SELECT source, events FROM sessions')).toEqual([{ source: 'DuckDuckGo', events: 2 }]);
  });

  it('counts once when the earlier of two arrives later, and then is the earlier', async () => {
    const running = await runCollector();
    await running.goal({ name: 'Sale', trigger: { type: 'revenue', name: 'sale' } });
    await running.post([custom('sale', { m: '2', c: 'EUR', o: 'A-1' })]);
    await running.collector.fresh();
    await running.post([custom('sale', { m: '1', c: 'EUR', o: 'A-1', a: -MINUTE })]);
    expect(await conversions(running)).toMatchObject([{ amount: '1000000' }]);
  });
});
