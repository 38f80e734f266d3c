/** Writing a goal in plain language, checked by the server while it is typed. */
import { useState } from 'preact/hooks';
import { TRIGGER_TYPES, type TriggerType } from '../../core/goal.ts';
import type { Goal } from '../answers.ts';
import { type ApiProblem, request, sitePath } from '../api-client.ts';
import { useDraftCheck } from '../draft-check.ts';
import { blankDraft, definitionOf, draftOf, type GoalDraft, triggerInstead } from '../goal-draft.ts';
import { useLoaded, useSending } from '../loaded.ts';
import { errorOf, TextField } from '../parts/field.tsx';
import { Frame } from '../parts/frame.tsx';
import { MoreFields } from '../parts/more-fields.tsx';
import { Notice, ProblemNotice } from '../parts/notice.tsx';
import { PastDays } from '../parts/past-days.tsx';
import { PickStart } from '../parts/pick-start.tsx';
import { TriggerFields } from '../parts/trigger-fields.tsx';
import { TryIt } from '../parts/try-it.tsx';
import { CountField, ValueFields } from '../parts/value-fields.tsx';
import { go, siteAddress } from '../router.ts';
import type { SiteViewOptions } from '../site-view.ts';
import { TRIGGER_NAMES } from '../trigger-words.ts';

const ORDER = Object.keys(TRIGGER_NAMES) as TriggerType[];

/** A new goal, or a stored one once it is loaded. */
export function GoalEditorView({ site, goalId }: SiteViewOptions & { goalId?: string }) {
  const goal = useLoaded<Goal>(goalId === undefined ? null : sitePath(site.id, 'goals', goalId));
  if (goalId !== undefined && goal.data === undefined) {
    if (goal.problem === undefined) return null;
    return (
      <Frame title="No such goal" site={site} tab="goals">
        <Notice kind="bad">{goal.problem.message}</Notice>
      </Frame>
    );
  }
  return <Editor site={site} stored={goal.data} />;
}

function Editor({ site, stored }: { site: SiteViewOptions['site']; stored: Goal | undefined }) {
  const [draft, setDraft] = useState<GoalDraft>(() => (stored === undefined ? blankDraft() : draftOf(stored)));
  const { busy, problem: refused, send } = useSending();
  const [first] = useState(draft);
  const {
    problem: checked,
    preview,
    isCurrent,
  } = useDraftCheck(draft === first && stored === undefined ? null : site.id, draft);
  const problem = refused ?? checked;
  const change = (part: Partial<GoalDraft>) => setDraft((before) => ({ ...before, ...part }));
  const domain = site.domains[0] ?? site.id;
  const back = siteAddress(domain, ...(stored === undefined ? [] : ['goals', stored.id]));
  const save = (domEvent: Event) => {
    domEvent.preventDefault();
    send(async () => {
      const goal = await saved(draft, { site: site.id, stored });
      go(siteAddress(domain, 'goals', goal.id));
    });
  };
  return (
    <Frame
      title={stored === undefined ? 'New goal' : `Edit “${stored.name}”`}
      site={site}
      tab="goals"
      crumb={<a href={siteAddress(domain)}>Goals</a>}
    >
      {stored === undefined && <PickStart site={site.id} domain={domain} />}
      <div class="editor">
        <form class="form wide" onSubmit={save} noValidate>
          <TextField
            label="Name"
            required
            value={draft.name}
            placeholder="Order completed"
            onInput={(name) => change({ name })}
            error={errorOf(problem, 'name') ?? errorOf(problem, 'key')}
          />
          <TriggerChoice
            type={draft.trigger.type}
            onChoose={(type) => change({ trigger: triggerInstead(draft.trigger, type) })}
          />
          <GoalFields draft={draft} onChange={change} problem={problem} currency={site.currency} />
          <MoreFields draft={draft} onChange={change} problem={problem} />
          {refused && !hasPlace(refused) && <ProblemNotice problem={refused} />}
          {refused && hasPlace(refused) && <Notice kind="bad">Not saved: {refused.message}</Notice>}
          <div class="form-end">
            <button class="primary" type="submit" aria-disabled={busy}>
              {stored === undefined ? 'Create goal' : 'Save changes'}
            </button>
            <a href={back}>Cancel</a>
          </div>
        </form>
        <div class="aside">
          <PastDays preview={preview} isCurrent={isCurrent} domain={domain} />
          <TryIt site={site.id} domain={domain} draft={draft} />
        </div>
      </div>
    </Frame>
  );
}

/** Creates the goal, or changes the stored one unless somebody was faster. */
function saved(draft: GoalDraft, { site, stored }: { site: string; stored: Goal | undefined }): Promise<Goal> {
  const body = definitionOf(draft);
  if (stored === undefined) return request(sitePath(site, 'goals'), { method: 'POST', body });
  const headers = { 'if-match': `"${stored.version}"` };
  return request(sitePath(site, 'goals', stored.id), { method: 'PATCH', body, headers });
}

function GoalFields(props: {
  draft: GoalDraft;
  onChange: (part: Partial<GoalDraft>) => void;
  problem: ApiProblem | undefined;
  currency: string;
}) {
  const { draft, onChange, problem, currency } = props;
  return (
    <>
      <fieldset class="group">
        <legend>When exactly</legend>
        <TriggerFields trigger={draft.trigger} problem={problem} onChange={(trigger) => onChange({ trigger })} />
      </fieldset>
      <fieldset class="group">
        <legend>How it counts</legend>
        <CountField count={draft.count} onChange={(count) => onChange({ count })} />
        <ValueFields
          value={draft.value}
          currency={currency}
          problem={problem}
          onChange={(value) => onChange({ value })}
        />
      </fieldset>
    </>
  );
}

/** Whether a problem is about one of the form's fields. */
function hasPlace({ field }: ApiProblem): boolean {
  return /^(name|key|trigger|value|where|description)/.test(field);
}

function TriggerChoice({ type, onChoose }: { type: TriggerType; onChoose: (type: TriggerType) => void }) {
  return (
    <fieldset class="group">
      <legend>A visitor…</legend>
      <div class="triggers">
        {ORDER.filter((known) => TRIGGER_TYPES.includes(known)).map((known) => (
          <label key={known} class="trigger">
            <input
              type="radio"
              name="trigger"
              value={known}
              checked={known === type}
              onChange={() => onChoose(known)}
            />
            <span>
              <strong>{TRIGGER_NAMES[known].name}</strong>
              <small>{TRIGGER_NAMES[known].hint}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
