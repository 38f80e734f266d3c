/** How many went from one goal to the next, and where they were lost; the funnel is its address, to be kept or sent on. */
import { FUNNEL_STEPS_MAX, FUNNEL_STEPS_MIN, GOALS_PER_SITE } from '../../core/limits.ts';
import type { Funnel, Goal } from '../answers.ts';
import { sitePath } from '../api-client.ts';
import {
  addressWithFunnel,
  type FunnelQuestion,
  funnelOf,
  PER,
  type Per,
  WINDOWS,
  type Window,
} from '../funnel-question.ts';
import { useLoaded } from '../loaded.ts';
import { CsvLink } from '../parts/csv-link.tsx';
import { Frame } from '../parts/frame.tsx';
import { FunnelSteps } from '../parts/funnel-steps.tsx';
import { Empty, ProblemNotice } from '../parts/notice.tsx';
import { PeriodBar } from '../parts/period-bar.tsx';
import { today } from '../period.ts';
import { questionOf, statsParams } from '../question.ts';
import { go, useAddress } from '../router.ts';
import type { SharedViewOptions } from '../site-view.ts';

/** The choice of goals, and what became of those who met the first. */
export function FunnelsView({ site }: SharedViewOptions) {
  const address = useAddress();
  const question = questionOf(address, today(site.timezone, Date.now()));
  const { data, problem } = useLoaded<{ goals: Goal[] }>(`${sitePath(site.id, 'goals')}?limit=${GOALS_PER_SITE}`);
  const asked = funnelOf(address);
  const known = asked.goals.filter((key) => data?.goals.some((goal) => goal.key === key));
  const funnel = { ...asked, goals: known };
  const change = (part: Partial<FunnelQuestion>) => go(addressWithFunnel(address, { ...funnel, ...part }));
  const enough = known.length >= FUNNEL_STEPS_MIN;
  const params = statsParams(question.days, [], {
    goals: known.join(','),
    per: funnel.per,
    window_minutes: funnel.window,
  });
  return (
    <Frame
      title="Funnels"
      site={site}
      tab="funnels"
      lead="Goals one after another: who goes on, and where they are lost."
    >
      <ProblemNotice problem={problem} />
      {data && data.goals.length < FUNNEL_STEPS_MIN ? (
        <Empty title="A funnel needs two goals">
          <p>Say, “Added to cart” and “Purchase”. As soon as there are two, their way can be followed here.</p>
        </Empty>
      ) : (
        <>
          <PeriodBar address={address} question={question} />
          {data && <Chooser goals={data.goals} funnel={funnel} onChange={change} />}
          {enough && data && <Result site={site.id} params={params} goals={data.goals} per={funnel.per} />}
        </>
      )}
    </Frame>
  );
}

interface ChooserOptions {
  goals: readonly Goal[];
  funnel: FunnelQuestion;
  onChange: (part: Partial<FunnelQuestion>) => void;
}

function Chooser({ goals, funnel, onChange }: ChooserOptions) {
  const chosen = funnel.goals;
  const slots = chosen.length < FUNNEL_STEPS_MAX ? [...chosen, ''] : chosen;
  const put = (index: number, key: string) =>
    onChange({ goals: chosen.toSpliced(index, 1, ...(key === '' ? [] : [key])) });
  const sorted = [...goals].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <div class="funnel-chooser">
      <ol class="funnel-choice">
        {slots.map((key, index) => (
          <li key={key || 'next'}>
            <select
              aria-label={`Step ${index + 1}`}
              class={key === '' ? 'choice-next' : undefined}
              value={key}
              onChange={(domEvent) => put(index, domEvent.currentTarget.value)}
            >
              <option value="">
                {key !== '' ? 'Take this step out' : index < FUNNEL_STEPS_MIN ? 'Choose a goal…' : 'And then…'}
              </option>
              {sorted
                .filter((goal) => goal.key === key || !chosen.includes(goal.key))
                .map((goal) => (
                  <option key={goal.key} value={goal.key}>
                    {goal.name}
                  </option>
                ))}
            </select>
          </li>
        ))}
      </ol>
      <div class="funnel-rules">
        <select
          aria-label="Who goes the whole way"
          value={funnel.per}
          onChange={(domEvent) => onChange({ per: domEvent.currentTarget.value as Per })}
        >
          {PER.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label="Time from the first step to the last"
          value={funnel.window}
          onChange={(domEvent) => onChange({ window: domEvent.currentTarget.value as Window })}
        >
          {WINDOWS.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

function Result(props: { site: string; params: string; goals: readonly Goal[]; per: Per }) {
  const { site, params, goals, per } = props;
  const path = sitePath(site, 'funnels');
  const { data, problem } = useLoaded<Funnel>(`${path}?${params}`);
  if (problem) return <ProblemNotice problem={problem} />;
  if (data === undefined) return <div class="funnel-waiting" />;
  const names = new Map(goals.map((goal) => [goal.id, goal.name]));
  return (
    <>
      <FunnelSteps funnel={data} names={names} who={per === 'session' ? 'visits' : 'visitors'} />
      <p class="exports">
        <CsvLink path={`${path}.csv?${params}`} file="funnel.csv">
          This funnel as CSV
        </CsvLink>
      </p>
    </>
  );
}
