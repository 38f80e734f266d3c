/** Tables as CSV: the same columns whether there are rows or not, and nothing that a spreadsheet would read as something else. */
import { beforeEach, expect, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { serverOfTest, type TestServer } from './running-server.ts';

const MONEY = 'currency,total,refunded,net,average';
const RECENT = 'time,refund,amount,currency,order_id,hostname,path,source,country,device,browser,test';

let server: TestServer;
let site: string;
let key: string;
let goal: string;

beforeEach(async () => {
  server = await serverOfTest();
  const added = await server.addSite('shop.example');
  key = added.key;
  site = `/api/sites/${added.site.id}`;
  const body = { name: 'Buy', trigger: { type: 'revenue', name: 'buy' } };
  goal = `${site}/goals/${(await server.ask('POST', `${site}/goals`, { key, body })).json<Goal>().id}`;
});

const linesOf = async (path: string) => {
  const { text } = await server.ask('GET', path, { key });
  expect(text.endsWith('\r\n'), text).toBe(true);
  return text.split('\r\n').slice(0, -1);
};

test('a table without rows has its header', async () => {
  const rates = 'conversions,converting_sessions,total_sessions,conversion_rate';
  const headers: [string, string][] = [
    [`${goal}/breakdown.csv?by=city`, `value,${rates},${MONEY}`],
    [`${goal}/attribution.csv`, `value,conversions,converting_visitors,${MONEY}`],
    [`${goal}/conversions.csv`, RECENT],
    [`${site}/drops.csv`, 'day,reason,count'],
  ];
  for (const [path, header] of headers) expect([path, await linesOf(path)]).toEqual([path, [header]]);
  const [header] = await linesOf(`${site}/goals/stats.csv`);
  await server.ask('DELETE', goal, { key });
  expect(await linesOf(`${site}/goals/stats.csv`)).toEqual([header]);
});

test('a conversion says true and false, and keeps its amount', async () => {
  const events = [{ name: 'buy', amount: '0.10', currency: 'EUR', order_id: '=A1', url: 'https://shop.example/a,b' }];
  await server.ask('POST', `${site}/events`, { key, body: { events } });
  const [header, line] = await linesOf(`${goal}/conversions.csv?fresh=true`);
  expect(header).toBe(RECENT);
  expect(line).toMatch(/^\d{13},false,0\.10,EUR,'=A1,shop\.example,"\/a,b",,,,,false$/);
});
