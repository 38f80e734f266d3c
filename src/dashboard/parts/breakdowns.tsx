/** Where a goal's visitors came from and what they used, side by side. */
import { useMayEdit } from '../account.ts';
import type { Goal } from '../answers.ts';
import { sitePath } from '../api-client.ts';
import { type Filter, type Question, statsParams } from '../question.ts';
import { Breakdown } from './breakdown.tsx';
import { CsvLink } from './csv-link.tsx';

/** What is broken down, and what a click on a value does. */
export interface BreakdownsOptions {
  site: string;
  goal: Goal;
  question: Question;
  onFilter: (filter: Filter) => void;
}

/** Four of them, and the files to take away. */
export function Breakdowns({ site, goal, question, onFilter }: BreakdownsOptions) {
  const path = sitePath(site, 'goals', goal.id);
  const { details } = useMayEdit();
  return (
    <>
      <div class="breakdowns">
        <Breakdown
          title="From where"
          site={site}
          goal={goal.id}
          question={question}
          dimensions={['source', 'referrer', 'utm_campaign', 'utm_medium']}
          onFilter={onFilter}
        />
        <Breakdown
          title="On which page"
          site={site}
          goal={goal.id}
          question={question}
          dimensions={['page', 'hostname']}
          onFilter={onFilter}
        />
        <Breakdown
          title="In which place"
          site={site}
          goal={goal.id}
          question={question}
          dimensions={['country', 'region', 'city', 'language']}
          onFilter={onFilter}
        />
        <Breakdown
          title="With what"
          site={site}
          goal={goal.id}
          question={question}
          dimensions={['device', 'browser', 'os']}
          onFilter={onFilter}
        />
      </div>
      <p class="exports">
        <CsvLink
          path={`${path}/timeseries.csv?${statsParams(question.days, question.filters)}`}
          file={`${goal.key}-days.csv`}
        >
          Days as CSV
        </CsvLink>
        <CsvLink
          path={`${path}/breakdown.csv?${statsParams(question.days, question.filters, { by: 'source' })}`}
          file={`${goal.key}-sources.csv`}
        >
          Sources as CSV
        </CsvLink>
        {details && (
          <CsvLink
            path={`${path}/conversions.csv?${statsParams(question.days, question.filters, { limit: '100' })}`}
            file={`${goal.key}-conversions.csv`}
          >
            Last conversions as CSV
          </CsvLink>
        )}
      </p>
    </>
  );
}
