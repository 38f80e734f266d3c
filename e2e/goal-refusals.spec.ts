/** Goals that are wrong in one field each: refused with a status of the caller's and the name of that field. */
import { expect, test } from '@playwright/test';
import { addSite, newDataFolder, openServer, removeDataFolder } from './goalpost-server.ts';

const click = { type: 'element_click', selector: '#buy' };
const page = (url: unknown) => ({ type: 'pageview', url });

/** What is sent, and the field the refusal names. */
const refusals: [field: string, definition: Record<string, unknown>][] = [
  ['name', { trigger: click }],
  ['name', { name: '   ', trigger: click }],
  ['name', { name: 'x'.repeat(2_101), trigger: click }],
  ['key', { name: 'A', key: 'Not A Key', trigger: click }],
  ['trigger', { name: 'A' }],
  ['trigger.type', { name: 'A', trigger: { type: 'wish' } }],
  ['trigger.selector', { name: 'A', trigger: { type: 'element_click', selector: 'a[' } }],
  ['trigger.selector', { name: 'A', trigger: { type: 'form_submit', selector: 'form::before' } }],
  ['trigger.url.match', { name: 'A', trigger: page({ match: 'like', value: '/a' }) }],
  ['trigger.url.value', { name: 'A', trigger: page({ match: 'exact', value: '' }) }],
  ['trigger.url.value', { name: 'A', trigger: page({ match: 'regex', value: '(' }) }],
  ['trigger.url.value', { name: 'A', trigger: page({ match: 'regex', value: '^(a+)+$' }) }],
  ['trigger.seconds', { name: 'A', trigger: { type: 'time_spent', seconds: 0 } }],
  ['trigger.percent', { name: 'A', trigger: { type: 'scroll_depth', percent: 101 } }],
  ['trigger.ratio', { name: 'A', trigger: { type: 'element_visible', selector: '#a', ratio: 1.5 } }],
  ['trigger.name', { name: 'A', trigger: { type: 'event', name: '$pageview' } }],
  ['trigger.currency', { name: 'A', trigger: { type: 'revenue', name: 'a', currency: 'EURO' } }],
  ['value.mode', { name: 'A', trigger: click, value: { mode: 'guess' } }],
  ['value.amount', { name: 'A', trigger: click, value: { mode: 'fixed', amount: 'much' } }],
  ['value.selector', { name: 'A', trigger: click, value: { mode: 'element', selector: '>>' } }],
  ['count', { name: 'A', trigger: click, count: 'sometimes' }],
  ['purpose', { name: 'A', trigger: click, purpose: 'glory' }],
  ['where.include.0.value', { name: 'A', trigger: click, where: { include: [{ match: 'regex', value: '[' }] } }],
  ['properties', { name: 'A', trigger: click, properties: { a: '1', b: '2', c: '3', d: '4' } }],
  ['description', { name: 'A', trigger: click, description: 'x'.repeat(301) }],
  ['colour', { name: 'A', trigger: click, colour: 'red' }],
];

test('a goal that is wrong in one field is refused with the name of that field', async () => {
  const data = await newDataFolder();
  const server = await openServer(data);
  const site = await addSite(server);
  for (const [field, definition] of refusals) {
    const answer = await site.request('POST', `/api/sites/${site.id}/goals`, definition);
    const title = JSON.stringify(definition).slice(0, 200);
    expect.soft(answer.status, title).toBeGreaterThanOrEqual(400);
    expect.soft(answer.status, title).toBeLessThan(500);
    expect.soft(answer.body, title).toMatchObject({ error: { field, message: expect.stringMatching(/\w+ \w+/) } });
  }
  await server.stop();
  await removeDataFolder(data);
});
