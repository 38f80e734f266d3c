/** PageSense's goals and custom events as its clients use them, on a real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Response, startTestServer, type TestServer } from '../running-server.ts';

const PORTAL = '/pagesense/rest/v1/portal/acme';

type Row = Record<string, unknown> & { linkname: string; goal_id: number };

let server: TestServer;
let key: string;
let project: string;
let domain: string;
let sites = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

async function newSite(): Promise<void> {
  sites += 1;
  domain = `sense${sites}.example`;
  const added = await server.addSite(domain);
  key = added.key;
  project = added.site.key;
}

const ask = (method: string, path: string, sent: { body?: unknown; text?: string; key?: string } = {}) => {
  const { key: own = key, ...rest } = sent;
  return server.ask(method, `${PORTAL}${path}`, { ...rest, headers: { authorization: `Zoho-oauthtoken ${own}` } });
};
const create = (goal: Record<string, unknown>) =>
  ask('POST', `/projectgoals/${project}`, { body: { projectgoal: { project_linkname: project, ...goal } } });
const rowsOf = (answer: Response) => answer.json<{ projectgoals: Row[] }>().projectgoals;
const refused = (answer: Response) => [answer.status, answer.json()];
const failure = (code: number, message: unknown = expect.any(String)) => [code, { status_code: code, message }];
const envelope = (list: Record<string, unknown>) => ({
  status_code: '10000',
  ...list,
  status_string: 'Operation completed successfully',
  timeTakenToProcessTheResult: expect.stringMatching(/^\d+ ms$/),
  timeTakenToProcessTheRequest: expect.stringMatching(/^\d+ ms$/),
});

describe('a goal', () => {
  const visit = { display_name: 'Premium Sign-up', goal_type: 1, goal_url: 'https://shop.example/thanks' };

  test('is created, listed, shown and deleted in the envelope', async () => {
    await newSite();
    const made = await create({ ...visit, url: [{ match_type: 2 }], exclude_urls: ['https://shop.example/staff'] });
    const [row] = rowsOf(made);
    expect([made.status, made.json()]).toEqual([201, envelope({ projectgoals: [row] })]);
    expect(row).toEqual({
      goal_id: expect.any(Number),
      display_name: 'Premium Sign-up',
      linkname: 'premiumsignup',
      goal_type: 1,
      goal_url: 'https://shop.example/thanks',
      url: [{ match_type: 2 }],
      include_urls: [],
      exclude_urls: ['https://shop.example/staff'],
      time_threshold: 0,
      time_spent_seconds: 0,
      project_linkname: project,
      created_time: expect.any(Number),
      goal_status: 1,
      success: true,
    });
    for (const path of [`/${project}`, `/${domain}`, `/${project}/premiumsignup`, '/premiumsignup']) {
      const answer = await ask('GET', `/projectgoals${path}`);
      // A project goes by the name that the client has for it.
      const shown = path === `/${domain}` ? { ...row, project_linkname: domain } : row;
      expect([path, answer.status, rowsOf(answer)]).toEqual([path, 200, [shown]]);
    }
    const gone = await ask('DELETE', '/projectgoals/premiumsignup');
    expect([gone.status, rowsOf(gone)]).toEqual([200, [{ ...row, goal_status: 2, success: true }]]);
    expect(refused(await ask('DELETE', '/projectgoals/premiumsignup'))).toEqual(failure(404));
    expect(refused(await ask('GET', `/projectgoals/${project}/premiumsignup`))).toEqual(failure(404));
    expect((await ask('GET', `/projectgoals/${project}`)).json()).toEqual(envelope({ projectgoals: [] }));
  });

  test('may share its name, never its link name, which stays when another goes', async () => {
    await newSite();
    const names = [];
    for (let times = 0; times < 3; times += 1) names.push(rowsOf(await create(visit))[0]?.linkname);
    expect(names).toEqual(['premiumsignup', 'premiumsignup2', 'premiumsignup3']);
    await ask('DELETE', '/projectgoals/premiumsignup');
    const left = rowsOf(await ask('GET', `/projectgoals/${project}`));
    expect(left.map(({ linkname }) => linkname)).toEqual(['premiumsignup3', 'premiumsignup2']);
  });

  test('can be shown and deleted by its link name however long its name is', async () => {
    await newSite();
    const display_name = 'n'.repeat(2_100);
    const { goals } = server.app.backend;
    // Made elsewhere too, where nobody gave it a link name.
    await goals.create(domain, { name: display_name, trigger: { type: 'engagement' } }, { origin: 'test' });
    for (let times = 0; times < 2; times += 1) expect((await create({ ...visit, display_name })).status).toBe(201);
    const listed = rowsOf(await ask('GET', `/projectgoals/${project}`)).map(({ linkname }) => linkname);
    expect(new Set(listed).size).toBe(3);
    for (const linkname of listed) {
      expect((await ask('GET', `/projectgoals/${project}/${linkname}`)).status).toBe(200);
      expect((await ask('DELETE', `/projectgoals/${linkname}`)).status).toBe(200);
    }
    expect(rowsOf(await ask('GET', `/projectgoals/${project}`))).toEqual([]);
    expect(refused(await create({ ...visit, display_name: `${display_name}n` }))).toEqual(failure(400));
  });

  test('has a link name of its own for each of two hundred made at once', async () => {
    await newSite();
    const answers = await Promise.all(Array.from({ length: 200 }, () => create(visit)));
    expect(new Set(answers.map((answer) => rowsOf(answer)[0]?.linkname)).size).toBe(200);
    // Two hundred writes to disk, one after the other.
  });

  test('keeps its link name when another product changes it', async () => {
    await newSite();
    const [row] = rowsOf(await create({ display_name: 'Cta', goal_type: 4, selector: '.cta' }));
    const path = `/v2/project/${project}/goal/${row?.goal_id}`;
    expect((await server.ask('PATCH', path, { key, body: { goal_value: '.other' } })).status).toBe(200);
    expect(rowsOf(await ask('GET', '/projectgoals/cta'))).toEqual([{ ...row, selector: '.other' }]);
  });

  const types: [type: number, words: Record<string, unknown>, trigger: object][] = [
    [1, { goal_url: '/a' }, { type: 'pageview', view: 'any' }],
    [2, { link_url: '/a' }, { type: 'link_click' }],
    [3, {}, { type: 'form_submit', selector: 'form' }],
    [4, { selector: '#buy' }, { type: 'element_click', selector: '#buy' }],
    [5, {}, { type: 'engagement' }],
    [6, { event_name: 'e' }, { type: 'event', name: 'e', source: 'any' }],
    [7, { event_name: 'e', currency: 'EUR' }, { type: 'revenue', currency: 'EUR' }],
    [8, { time_threshold: 30 }, { type: 'time_spent', seconds: 30 }],
    [9, { goal_url: '/a' }, { type: 'pageview', view: 'virtual' }],
    [10, { event_name: 'e' }, { type: 'event', source: 'server' }],
  ];
  test.each(types)('of type %i has its trigger and reads back', async (goal_type, words, trigger) => {
    await newSite();
    const [row] = rowsOf(await create({ display_name: 'G', goal_type, ...words }));
    expect(row).toMatchObject({ goal_type, ...words });
    const [goal] = await server.app.backend.goals.all(server.app.backend.registry.find(project)!.site.id);
    expect(goal?.trigger).toMatchObject(trigger);
  });

  const values: Record<number, string> = { 4: '^/shop/.*', 8: 'shop.example' };
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('matches URLs by type %i and reads back', async (match_type) => {
    await newSite();
    const goal_url = values[match_type] ?? '/shop';
    const [row] = rowsOf(await create({ ...visit, goal_url, url: [{ match_type }] }));
    expect(row).toMatchObject({ goal_url, url: [{ match_type }] });
  });

  test('matches a group of URLs that is there', async () => {
    await newSite();
    const grouped = { ...visit, goal_url: 'checkout', url: [{ match_type: 10 }] };
    expect(refused(await create(grouped))).toEqual(failure(400));
    const rules = [{ match: 'simple', value: '/cart' }];
    const origin = { origin: 'test' };
    await server.app.backend.urlGroups.create(domain, { key: 'checkout', name: 'Checkout', rules }, origin);
    expect(rowsOf(await create(grouped))[0]).toMatchObject({ goal_url: 'checkout', url: [{ match_type: 10 }] });
  });

  test.each([
    [{ display_name: ' ' }, 400],
    [{ goal_type: 0 }, 400],
    [{ goal_type: 11 }, 400],
    [{ goal_type: null }, 400],
    [{ goal_url: '' }, 400],
    [{ url: [{ match_type: 9 }] }, 400],
    [{ url: [{ match_type: 11 }] }, 400],
    [{ url: [{ match_type: 4 }], goal_url: '(' }, 400],
    [{ goal_type: 2, goal_url: '', link_url: '' }, 400],
    [{ goal_type: 4 }, 400],
    [{ goal_type: 4, selector: 'a[' }, 400],
    [{ goal_type: 6 }, 400],
    [{ goal_type: 7, event_name: 'e', currency: 'XYZ' }, 400],
    [{ goal_type: 8 }, 400],
    [{ goal_type: 8, time_threshold: 0 }, 400],
    [{ goal_type: 8, time_threshold: 1 }, 201],
    [{ goal_type: 8, time_threshold: '86400' }, 201],
    [{ goal_type: 8, time_threshold: 86_401 }, 400],
    [{ include_urls: 7 }, 400],
    [{ include_urls: Array.from({ length: 20 }, (_, at) => `/p${at}`) }, 201],
    [{ include_urls: Array.from({ length: 21 }, (_, at) => `/p${at}`) }, 400],
  ])('with %o: %i', async (change, status) => {
    await newSite();
    const answer = await create({ ...visit, ...change });
    expect(answer.status).toBe(status);
    if (status !== 201) expect(refused(answer)).toEqual(failure(status));
  });

  test('is refused with a body that is none, to strangers, and for projects that are not theirs', async () => {
    await newSite();
    const own = key;
    for (const text of ['{', '', '[]', '{"projectgoal":7}']) {
      expect(refused(await ask('POST', `/projectgoals/${project}`, { text }))).toEqual(failure(400));
    }
    expect(refused(await ask('GET', `/projectgoals/${project}`, { key: 'nobody' }))).toEqual(failure(401));
    const readOnly = await server.addKey(domain, ['goals:read']);
    const body = { projectgoal: visit };
    expect(refused(await ask('POST', `/projectgoals/${project}`, { key: readOnly, body }))).toEqual(failure(401));
    const theirs = project;
    await newSite();
    expect(refused(await ask('POST', `/projectgoals/${theirs}`, { body }))).toEqual(failure(404));
    const account = await server.addKey(null, ['goals:read', 'goals:write']);
    for (const ref of [theirs, project]) await ask('POST', `/projectgoals/${ref}`, { key: account, body });
    expect(refused(await ask('GET', '/projectgoals/premiumsignup', { key: account }))).toEqual(failure(400));
    expect((await ask('GET', '/projectgoals/premiumsignup', { key: own })).status).toBe(200);
    expect(refused(await server.ask('GET', `${PORTAL}/projectgoals/${project}`))).toEqual(failure(401));
    expect(refused(await ask('GET', '/nothing'))).toEqual(failure(404));
  });
});

describe('a custom event', () => {
  const announce = (event_name: unknown, project_linkname: unknown = project) =>
    ask('POST', '/customevents', { body: { customevent: { event_name, project_linkname } } });
  const eventsOf = (answer: Response) => answer.json<{ customevents: Row[] }>().customevents;

  test('is announced once and listed, and makes no goal', async () => {
    await newSite();
    const made = await announce('Premium signup CTA');
    expect([made.status, made.json()]).toEqual([
      201,
      envelope({ customevents: [{ event_id: expect.any(Number), success: true, linkname: 'premiumsignupcta' }] }),
    ]);
    expect(eventsOf(await announce('Premium signup CTA'))).toEqual(eventsOf(made));
    expect(eventsOf(await announce('premium-signup-cta'))[0]?.linkname).toBe('premiumsignupcta2');
    const listed = await ask('GET', '/customevents');
    expect(listed.json()).toEqual(envelope({ customevents: eventsOf(listed) }));
    expect(eventsOf(listed).map(({ linkname }) => linkname)).toEqual(['premiumsignupcta2', 'premiumsignupcta']);
    expect(rowsOf(await ask('GET', `/projectgoals/${project}`))).toEqual([]);
  });

  test('is one for two hundred who announce it at once', async () => {
    await newSite();
    const answers = await Promise.all(Array.from({ length: 200 }, () => announce('Rush')));
    expect(new Set(answers.map((answer) => eventsOf(answer)[0]?.event_id)).size).toBe(1);
  });

  test('needs a name and a project', async () => {
    await newSite();
    expect((await announce('e'.repeat(500))).status).toBe(201);
    expect(refused(await announce('e'.repeat(501)))).toEqual(failure(400));
    expect(refused(await announce(' '))).toEqual(failure(400));
    expect(refused(await announce('e', null))).toEqual(failure(400));
    expect(refused(await announce('e', 'unknown'))).toEqual(failure(404));
    expect(refused(await ask('POST', '/customevents', { body: {} }))).toEqual(failure(400));
  });
});
