/** The goals of a site: one line each, those that nobody reached too. */
import { GOALS_PER_SITE } from '../../core/limits.ts';
import { useMayEdit, useSiteAddress } from '../account.ts';
import type { Goal, GoalStats } from '../answers.ts';
import { sitePath } from '../api-client.ts';
import { count, moneyList, percent } from '../format.ts';
import { useLoaded } from '../loaded.ts';
import { CsvLink } from '../parts/csv-link.tsx';
import { DeletedGoals } from '../parts/deleted-goals.tsx';
import { Frame } from '../parts/frame.tsx';
import { Empty, ProblemNotice } from '../parts/notice.tsx';
import { PeriodBar, trafficNote } from '../parts/period-bar.tsx';
import { numeric, Table } from '../parts/table.tsx';
import { Trend } from '../parts/trend.tsx';
import { today } from '../period.ts';
import { carried, questionOf, statsParams } from '../question.ts';
import { useAddress } from '../router.ts';
import type { SharedViewOptions } from '../site-view.ts';
import { triggerWords } from '../trigger-words.ts';

/** The table of a period. */
export function GoalsView({ site }: SharedViewOptions) {
  const address = useAddress();
  const question = questionOf(address, today(site.timezone, Date.now()));
  const goals = useLoaded<{ goals: Goal[] }>(`${sitePath(site.id, 'goals')}?limit=${GOALS_PER_SITE}`);
  const params = statsParams(question.days, []);
  const stats = useLoaded<{ goals: GoalStats[] }>(`${sitePath(site.id, 'goals', 'stats')}?${params}`);
  const may = useMayEdit();
  const place = useSiteAddress(site);
  const again = () => {
    goals.reload();
    stats.reload();
  };
  const none = goals.data?.goals.length === 0;
  const add = may.goals && (
    <a class="button primary" href={place('goals', 'new')}>
      New goal
    </a>
  );
  const first = stats.data?.goals[0];
  return (
    <Frame title="Goals" site={site} tab="goals" actions={none ? undefined : add}>
      <ProblemNotice problem={goals.problem ?? stats.problem} />
      {none ? (
        <Empty title="What should visitors do here?">
          <p>Buy something, send a form, read to the end: name it, and it is counted from then on.</p>
          {add}
          <p class="quiet">
            Is the line in your pages yet? <a href={place('install')}>See the set-up</a>.
          </p>
        </Empty>
      ) : (
        <>
          <PeriodBar address={address} question={question} {...(first ? { note: trafficNote(first) } : {})} />
          {goals.data && (
            <GoalsTable
              goals={goals.data.goals}
              stats={stats.data?.goals}
              link={(id) => place('goals', id) + carried(address)}
            />
          )}
          <p class="quiet legend">
            Rate: of all visits, those with a conversion. Trend: how the rate differs from that of the days before.
          </p>
          <p class="exports">
            <CsvLink path={`${sitePath(site.id, 'goals', 'stats.csv')}?${params}`} file="goals.csv">
              These goals as CSV
            </CsvLink>
          </p>
        </>
      )}
      {may.goals && <DeletedGoals site={site.id} onRestored={again} />}
    </Frame>
  );
}

interface TableOptions {
  goals: readonly Goal[];
  stats: readonly GoalStats[] | undefined;
  /** Address of a goal. */
  link: (id: string) => string;
}

function GoalsTable({ goals, stats, link }: TableOptions) {
  const byGoal = new Map(stats?.map((line) => [line.goal_id, line]));
  const most = Math.max(1, ...(stats ?? []).map((line) => line.converting_visitors));
  const hasMoney = stats?.some((line) => line.revenue.length > 0) ?? false;
  const by = (goal: Goal, figure: 'converting_visitors' | 'conversions') => byGoal.get(goal.id)?.[figure] ?? 0;
  const sorted = [...goals].sort(
    (a, b) =>
      by(b, 'converting_visitors') - by(a, 'converting_visitors') ||
      by(b, 'conversions') - by(a, 'conversions') ||
      a.name.localeCompare(b.name, undefined, { numeric: true }),
  );
  return (
    <Table
      look="goals stack"
      caption="Goals in this period, most visitors first"
      columns={[
        'Goal',
        numeric('Visitors'),
        numeric('Total'),
        numeric('Rate'),
        numeric('Trend'),
        hasMoney && numeric('Revenue'),
      ]}
    >
      {sorted.map((goal) => (
        <GoalRow
          key={goal.id}
          goal={goal}
          stats={byGoal.get(goal.id)}
          most={most}
          hasMoney={hasMoney}
          href={link(goal.id)}
        />
      ))}
    </Table>
  );
}

function GoalRow(props: { goal: Goal; stats: GoalStats | undefined; most: number; hasMoney: boolean; href: string }) {
  const { goal, stats, most, hasMoney, href } = props;
  const none = stats !== undefined && stats.conversions === 0;
  return (
    <tr class={none ? 'none' : undefined}>
      <th scope="row">
        <a class="row-link" href={href}>
          {goal.name}
        </a>
        {!goal.active && <span class="tag">off</span>}
        <span class="row-detail">{triggerWords(goal.trigger)}</span>
        {stats !== undefined && !none && <Share of={stats.converting_visitors / most} />}
      </th>
      <td class="number strong" data-label="Visitors">
        {stats ? count(stats.converting_visitors) : '…'}
      </td>
      <td class="number" data-label="Total">
        {stats ? count(stats.conversions) : '…'}
      </td>
      <td class="number" data-label="Rate">
        {stats ? percent(stats.conversion_rate) : '…'}
      </td>
      <td class="number" data-label="Trend">
        {stats ? <Trend value={stats.trend_pct} /> : '…'}
      </td>
      {hasMoney && (
        <td class="number" data-label="Revenue">
          {moneyList(stats?.revenue ?? []).map((amount) => (
            <span class="amount" key={amount}>
              {amount}
            </span>
          ))}
        </td>
      )}
    </tr>
  );
}

/** How much of the leading goal this one reaches. */
function Share({ of }: { of: number }) {
  return (
    <svg class="share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <rect width={Math.round(of * 1000) / 10} height="1" />
    </svg>
  );
}
