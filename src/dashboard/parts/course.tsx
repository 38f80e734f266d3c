/** A goal over time, beside the period it is compared with. */
import type { Series } from '../answers.ts';
import { useLoaded } from '../loaded.ts';
import { comparedDays, intervalOf } from '../period.ts';
import { type Question, statsParams } from '../question.ts';
import { Chart } from './chart.tsx';
import { ProblemNotice } from './notice.tsx';

/** Loads both; `path` is the goal's in the API. */
export function Course({ path, question }: { path: string; question: Question }) {
  const { days, comparison, filters } = question;
  const interval = intervalOf(days);
  const before = comparison === 'none' ? null : comparedDays(days, comparison);
  const series = useLoaded<Series>(`${path}/timeseries?${statsParams(days, filters, { interval })}`);
  const compared = useLoaded<Series>(before && `${path}/timeseries?${statsParams(before, filters, { interval })}`);
  if (series.problem) return <ProblemNotice problem={series.problem} />;
  if (series.data === undefined) return <div class="chart chart-waiting" />;
  return (
    <Chart
      points={series.data.points}
      compared={before === null ? undefined : compared.data?.points}
      interval={series.data.interval}
    />
  );
}
