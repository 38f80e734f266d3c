/** One goal: its numbers, its course over time, where its visitors came from, and how it was defined when. */
import { useState } from 'preact/hooks';
import { useMayEdit, useSiteAddress } from '../account.ts';
import type { Goal, GoalStats } from '../answers.ts';
import { request, sitePath } from '../api-client.ts';
import { useLoaded, useSending } from '../loaded.ts';
import { Breakdowns } from '../parts/breakdowns.tsx';
import { Course } from '../parts/course.tsx';
import { Figures } from '../parts/figures.tsx';
import { FilterList } from '../parts/filter-list.tsx';
import { Frame } from '../parts/frame.tsx';
import { Notice, ProblemNotice } from '../parts/notice.tsx';
import { PastProgressBar } from '../parts/past-progress-bar.tsx';
import { PeriodBar, trafficNote } from '../parts/period-bar.tsx';
import { Recent } from '../parts/recent.tsx';
import { Versions } from '../parts/versions.tsx';
import { today } from '../period.ts';
import { addressWith, carried, type Filter, questionOf, statsParams } from '../question.ts';
import { go, useAddress } from '../router.ts';
import type { SharedViewOptions } from '../site-view.ts';
import { triggerWords } from '../trigger-words.ts';

/** Loads the goal and asks the question of the address. */
export function GoalView({ site, goalId }: SharedViewOptions & { goalId: string }) {
  const address = useAddress();
  const question = questionOf(address, today(site.timezone, Date.now()));
  const path = sitePath(site.id, 'goals', goalId);
  const goal = useLoaded<Goal>(path);
  const stats = useLoaded<GoalStats>(`${path}/stats?${statsParams(question.days, question.filters)}`);
  const may = useMayEdit();
  const place = useSiteAddress(site);
  const [round, setRound] = useState(0);
  const crumb = <a href={place() + carried(address)}>Goals</a>;
  if (goal.data === undefined) {
    if (goal.problem === undefined) return null;
    return (
      <Frame title="No such goal" site={site} tab="goals" crumb={crumb}>
        <Notice kind="bad">{goal.problem.message}</Notice>
      </Frame>
    );
  }
  const { name, trigger, active, description } = goal.data;
  const countAgain = () => {
    stats.reload();
    setRound((before) => before + 1);
  };
  const onFilter = (filter: Filter) => go(addressWith(address, { filters: [...question.filters, filter] }));
  return (
    <Frame
      title={name}
      site={site}
      tab="goals"
      crumb={crumb}
      lead={triggerWords(trigger)}
      actions={may.goals && <Actions goal={goal.data} path={path} place={place} />}
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
      {may.details && <PastProgressBar path={path} onDone={countAgain} />}
      <Figures stats={stats.data} />
      <Course path={path} question={question} key={`course ${round}`} />
      <Breakdowns site={site.id} goal={goal.data} question={question} onFilter={onFilter} key={`parts ${round}`} />
      {may.details && <Recent path={path} question={question} timezone={site.timezone} key={`recent ${round}`} />}
      {may.details && <Versions path={path} />}
    </Frame>
  );
}

function Actions({ goal, path, place }: { goal: Goal; path: string; place: (...parts: string[]) => string }) {
  const removal = useSending();
  const remove = () => {
    if (
      !confirm(
        `Delete “${goal.name}”? What it counted is hidden with it. “Deleted goals”, below the goals, brings both back.`,
      )
    )
      return;
    removal.send(async () => {
      await request(path, { method: 'DELETE' });
      go(place());
    });
  };
  return (
    <>
      <a class="button" href={place('goals', goal.id, 'edit')}>
        Edit
      </a>
      <button type="button" class="plain danger" onClick={remove} aria-disabled={removal.busy}>
        Delete
      </button>
      <ProblemNotice problem={removal.problem} />
    </>
  );
}
