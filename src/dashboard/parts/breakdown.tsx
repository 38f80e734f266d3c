/** One goal by a dimension; a click on a value keeps only that. */
import { useState } from 'preact/hooks';
import type { BreakdownRow } from '../answers.ts';
import { sitePath } from '../api-client.ts';
import { count, countryName, percent, readable } from '../format.ts';
import { useLoaded } from '../loaded.ts';
import { DIMENSIONS, type Dimension, type Filter, type Question, statsParams } from '../question.ts';
import { ProblemNotice } from './notice.tsx';

const ROWS = 9;

/** What is broken down. */
export interface BreakdownOptions {
  site: string;
  goal: string;
  question: Question;
  /** Dimensions offered here, the first one at the start. */
  dimensions: readonly Dimension[];
  title: string;
  onFilter: (filter: Filter) => void;
}

/** A value of a dimension as people read it. */
export function valueName(by: Dimension, value: string): string {
  if (value === '') return by === 'source' || by === 'referrer' ? 'Direct or unknown' : 'Unknown';
  if (by === 'country') return countryName(value);
  if (by === 'region') return value.split('|').at(-1) || value;
  return by === 'page' ? readable(value) : value;
}

/** The name of a dimension. */
export function dimensionName(by: Dimension): string {
  return DIMENSIONS.find(([id]) => id === by)?.[1] ?? by;
}

/** A small table with a choice of dimensions. */
export function Breakdown({ site, goal, question, dimensions, title, onFilter }: BreakdownOptions) {
  const [by, setBy] = useState<Dimension>(dimensions[0] ?? 'source');
  const params = statsParams(question.days, question.filters, { by, limit: String(ROWS) });
  const { data, problem } = useLoaded<{ by: Dimension; rows: BreakdownRow[] }>(
    `${sitePath(site, 'goals', goal, 'breakdown')}?${params}`,
  );
  const rows = data?.by === by ? data.rows.filter((row) => row.conversions > 0) : undefined;
  const most = Math.max(1, ...(rows ?? []).map((row) => (row.value === null ? 0 : row.conversions)));
  return (
    <section class="breakdown" aria-label={title}>
      <div class="breakdown-head">
        <h2>{title}</h2>
        <div class="choices">
          {dimensions.map((dimension) => (
            <button
              type="button"
              key={dimension}
              class="choice"
              aria-pressed={dimension === by}
              onClick={() => setBy(dimension)}
            >
              {dimensionName(dimension)}
            </button>
          ))}
        </div>
      </div>
      <ProblemNotice problem={problem} />
      <table class="rows slim">
        <thead>
          <tr>
            <th scope="col">{dimensionName(by)}</th>
            <th scope="col" class="number">
              Total
            </th>
            <th scope="col" class="number">
              Rate
            </th>
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => (
            <tr key={row.value ?? '\u0000'}>
              <th scope="row">
                {row.value !== null && <Bar of={row.conversions / most} />}
                {row.value === null || row.value === '' || row.value.startsWith('!') ? (
                  <span class="value">{row.value === null ? 'Everything else' : valueName(by, row.value)}</span>
                ) : (
                  <button type="button" class="value" onClick={() => onFilter({ by, value: row.value ?? '' })}>
                    {valueName(by, row.value)}
                  </button>
                )}
              </th>
              <td class="number strong">{count(row.conversions)}</td>
              <td class="number">{percent(row.conversion_rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows?.length === 0 && <p class="quiet nothing">Nothing in this period.</p>}
    </section>
  );
}

function Bar({ of }: { of: number }) {
  return (
    <svg class="value-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <rect width={Math.round(of * 1000) / 10} height="1" />
    </svg>
  );
}
