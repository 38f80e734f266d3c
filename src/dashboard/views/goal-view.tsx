/** One goal: its numbers, its course over time, where its visitors came from, and how it was defined when. */
import { useMayEdit } from '../account.ts';
import type { Goal, GoalStats, Series } from '../answers.ts';
import { request, sitePath } from '../api-client.ts';
import { change, count, money, percent } from '../format.ts';
import { useLoaded, useSending } from '../loaded.ts';
import { Breakdown, dimensionName, valueName } from '../parts/breakdown.tsx';
import { Chart } from '../parts/chart.tsx';
import { Frame } from '../parts/frame.tsx';
import { Notice, ProblemNotice } from '../parts/notice.tsx';
import { PeriodBar, trafficNote } from '../parts/period-bar.tsx';
import { Versions } from '../parts/versions.tsx';
import { comparedDays, intervalOf, today } from '../period.ts';
import { addressWith, carried, type Filter, type Question, questionOf, statsParams } from '../question.ts';
import { go, siteAddress, useAddress } from '../router.ts';
import type { SiteViewOptions } from '../site-view.ts';
import { triggerWords } from '../trigger-words.ts';
import { Trend } from './goals-view.tsx';

/** Loads the goal and asks the question of the address. */
export function GoalView({ site, goalId }: SiteViewOptions & { goalId: string }) {
  const address = useAddress();
  const question = questionOf(address, today(site.timezone, Date.now()));
  const path = sitePath(site.id, 'goals', goalId);
  const goal = useLoaded<Goal>(path);
  const stats = useLoaded<GoalStats>(`${path}/stats?${statsParams(question.days, question.filters)}`);
  const may = useMayEdit();
  const domain = site.domains[0] ?? site.id;
  const crumb = <a href={siteAddress(domain) + carried(address)}>Goals</a>;
  if (goal.data === undefined) {
    if (goal.problem === undefined) return null;
    return (
      <Frame title="No such goal" site={site} tab="goals" crumb={crumb}>
        <Notice kind="bad">{goal.problem.message}</Notice>
      </Frame>
    );
  }
  const { name, trigger, active, description } = goal.data;
  const onFilter = (filter: Filter) => go(addressWith(address, { filters: [...question.filters, filter] }));
  return (
    <Frame
      title={name}
      site={site}
      tab="goals"
      crumb={crumb}
      lead={triggerWords(trigger)}
      actions={may.goals && <Actions goal={goal.data} path={path} domain={domain} />}
    >
      {description && <p class="description">{description}</p>}
      {!active && (
        <Notice kind="plain">This goal is switched off: it counts nothing until it is switched on again.</Notice>
      )}
      <ProblemNotice problem={stats.problem} />
      <PeriodBar
        address={address}
        question={question}
        withComparison
        {...(stats.data ? { note: trafficNote(stats.data) } : {})}
      />
      <FilterList address={address} filters={question.filters} />
      <Figures stats={stats.data} />
      <Course path={path} question={question} />
      <Breakdowns site={site.id} goal={goal.data} question={question} onFilter={onFilter} />
      <Versions path={path} />
    </Frame>
  );
}

function FilterList({ address, filters }: { address: string; filters: readonly Filter[] }) {
  if (filters.length === 0) return null;
  return (
    <ul class="filters" aria-label="Filters">
      {filters.map((filter) => (
        <li key={`${filter.by} ${filter.value}`}>
          <span>
            {dimensionName(filter.by)}: <strong>{valueName(filter.by, filter.value)}</strong>
          </span>
          <button
            type="button"
            aria-label={`Remove the filter ${dimensionName(filter.by)} ${valueName(filter.by, filter.value)}`}
            onClick={() => go(addressWith(address, { filters: filters.filter((other) => other !== filter) }))}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}

function Figures({ stats }: { stats: GoalStats | undefined }) {
  if (stats === undefined) return <div class="figures figures-waiting" />;
  const { conversions, prev_conversions, converting_visitors, conversion_rate, prev_conversion_rate, trend_pct } =
    stats;
  return (
    <dl class="figures">
      <Figure name="Visitors" value={count(converting_visitors)} />
      <Figure name="Total" value={count(conversions)} note={changeNote(conversions, prev_conversions)} />
      <Figure
        name="Rate"
        value={percent(conversion_rate)}
        note={prev_conversion_rate === null ? '' : `${percent(prev_conversion_rate)} before`}
      >
        {trend_pct !== null && <Trend value={trend_pct} />}
      </Figure>
      {stats.revenue.map(({ currency, net, average, refunded }) => (
        <Figure
          key={currency}
          name={`Revenue ${currency}`}
          value={money(net, currency)}
          note={`${money(average, currency)} each${Number(refunded) > 0 ? `, ${money(refunded, currency)} refunded` : ''}`}
        />
      ))}
    </dl>
  );
}

function changeNote(now: number, before: number | null): string {
  if (before === null) return '';
  return before === 0 ? 'none before' : `${change(((now - before) / before) * 100)} against ${count(before)}`;
}

function Figure(props: { name: string; value: string; note?: string; children?: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        <span class="figure">{props.value}</span> {props.children}
        {props.note && <small>{props.note}</small>}
      </dd>
    </div>
  );
}

function Course({ path, question }: { path: string; question: Question }) {
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

function Actions({ goal, path, domain }: { goal: Goal; path: string; domain: string }) {
  const removal = useSending();
  const remove = () => {
    if (!confirm(`Delete “${goal.name}”? What it counted is hidden; the API can restore it.`)) return;
    removal.send(async () => {
      await request(path, { method: 'DELETE' });
      go(siteAddress(domain));
    });
  };
  return (
    <>
      <a class="button" href={siteAddress(domain, 'goals', goal.id, 'edit')}>
        Edit
      </a>
      <button type="button" class="plain danger" onClick={remove} disabled={removal.busy}>
        Delete
      </button>
      <ProblemNotice problem={removal.problem} />
    </>
  );
}

interface BreakdownsOptions {
  site: string;
  goal: Goal;
  question: Question;
  onFilter: (filter: Filter) => void;
}

function Breakdowns({ site, goal, question, onFilter }: BreakdownsOptions) {
  const path = sitePath(site, 'goals', goal.id);
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
        <a
          href={`${path}/timeseries.csv?${statsParams(question.days, question.filters)}`}
          download={`${goal.key}-days.csv`}
        >
          Days as CSV
        </a>
        <a
          href={`${path}/breakdown.csv?${statsParams(question.days, question.filters, { by: 'source' })}`}
          download={`${goal.key}-sources.csv`}
        >
          Sources as CSV
        </a>
      </p>
    </>
  );
}
