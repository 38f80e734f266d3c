/** The last conversions of a goal one by one: when, on which page, from where, worth what. */
import { useState } from 'preact/hooks';
import type { RecentConversion } from '../answers.ts';
import { request } from '../api-client.ts';
import { clock, countryName, money, readable } from '../format.ts';
import { useLoaded, useSending } from '../loaded.ts';
import { type Question, statsParams } from '../question.ts';
import { ProblemNotice } from './notice.tsx';
import { numeric, Table } from './table.tsx';

const ROWS = 10;

interface Page {
  conversions: RecentConversion[];
  next: number | null;
}

/** The newest, and on demand those before. `path` is the goal's in the API, times are shown in the site's zone. */
export function Recent({ path, question, timezone }: { path: string; question: Question; timezone: string }) {
  const asked = (offset: number) =>
    `${path}/conversions?${statsParams(question.days, question.filters, { limit: String(ROWS), offset: String(offset) })}`;
  const first = useLoaded<Page>(asked(0));
  const [more, setMore] = useState<{ after: Page | undefined; pages: Page[] }>({ after: undefined, pages: [] });
  const { busy, problem, send } = useSending();
  if (first.data === undefined) return <ProblemNotice problem={first.problem} />;
  // Pages that were loaded after another first one belong to another question.
  const pages = [first.data, ...(more.after === first.data ? more.pages : [])];
  const rows = pages.flatMap((page) => page.conversions);
  const next = pages.at(-1)?.next ?? null;
  const load = () =>
    send(async () => {
      const page = await request<Page>(asked(next ?? 0));
      setMore({ after: first.data, pages: [...pages.slice(1), page] });
    });
  return (
    <section class="section" aria-label="Last conversions">
      <h2>Last conversions</h2>
      {rows.length === 0 ? (
        <p class="quiet nothing">Nothing in this period.</p>
      ) : (
        <RecentTable rows={rows} timezone={timezone} />
      )}
      <ProblemNotice problem={problem} />
      {next !== null && (
        <button type="button" class="more-rows" onClick={load} aria-disabled={busy}>
          Show earlier ones
        </button>
      )}
    </section>
  );
}

function RecentTable({ rows, timezone }: { rows: readonly RecentConversion[]; timezone: string }) {
  const hasMoney = rows.some((row) => row.amount !== null);
  const hasOrders = rows.some((row) => row.order_id !== null);
  return (
    <Table
      look="stack recent"
      columns={['When', 'Page', 'From', 'With', hasOrders && 'Order', hasMoney && numeric('Value')]}
    >
      {rows.map((row) => (
        <tr key={`${row.time} ${row.order_id} ${row.path} ${row.refund}`}>
          <th scope="row" class="time">
            {clock(row.time, timezone)}
          </th>
          <td class="break" data-label="Page">
            {readable(row.path) || row.hostname || '–'}
            {row.test && <span class="tag">test</span>}
            {row.refund && <span class="tag tag-bad">refund</span>}
          </td>
          <td class="break" data-label="From">
            {[row.source || (row.browser ? 'Direct' : ''), countryName(row.country)].filter(Boolean).join(', ') || '–'}
          </td>
          <td data-label="With">{[row.browser, row.device].filter(Boolean).join(', ') || 'A server'}</td>
          {hasOrders && (
            <td class="break" data-label="Order">
              {row.order_id}
            </td>
          )}
          {hasMoney && (
            <td class="number strong" data-label="Value">
              {row.amount === null ? '' : money(row.amount, row.currency ?? '')}
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}
