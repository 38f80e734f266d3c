/** Writing a goal in plain language, checked by the server while it is typed. */
import { useEffect, useState } from 'preact/hooks';
import { TRIGGER_TYPES, type TriggerType } from '../../core/goal.ts';
import type { Goal } from '../answers.ts';
import { ApiProblem, request, sitePath } from '../api-client.ts';
import { blankDraft, blankTrigger, definitionOf, draftOf, type GoalDraft, valueAt } from '../goal-draft.ts';
import { asProblem, useLoaded, useSending } from '../loaded.ts';
import { CheckField, errorOf, TextField } from '../parts/field.tsx';
import { Frame } from '../parts/frame.tsx';
import { Notice, ProblemNotice } from '../parts/notice.tsx';
import { RuleList } from '../parts/rule-fields.tsx';
import { TriggerFields } from '../parts/trigger-fields.tsx';
import { TryIt } from '../parts/try-it.tsx';
import { CountField, ValueFields } from '../parts/value-fields.tsx';
import { go, siteAddress } from '../router.ts';
import type { SiteViewOptions } from '../site-view.ts';
import { TRIGGER_NAMES } from '../trigger-words.ts';

const TYPING_MS = 350;
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
  const checked = useCheck(draft === first ? null : site.id, draft);
  const problem = refused ?? checked;
  const change = (part: Partial<GoalDraft>) => setDraft((before) => ({ ...before, ...part }));
  const domain = site.domains[0] ?? site.id;
  const back = siteAddress(domain, ...(stored === undefined ? [] : ['goals', stored.id]));
  const save = (domEvent: Event) => {
    domEvent.preventDefault();
    send(async () => {
      const goal = await request<Goal>(sitePath(site.id, 'goals', ...(stored === undefined ? [] : [stored.id])), {
        method: stored === undefined ? 'POST' : 'PATCH',
        body: definitionOf(draft),
        headers: stored === undefined ? {} : { 'if-match': `"${stored.version}"` },
      });
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
          <TriggerChoice type={draft.trigger.type} onChoose={(type) => change({ trigger: blankTrigger(type) })} />
          <fieldset class="group">
            <legend>When exactly</legend>
            <TriggerFields trigger={draft.trigger} problem={problem} onChange={(trigger) => change({ trigger })} />
          </fieldset>
          <fieldset class="group">
            <legend>How it counts</legend>
            <CountField count={draft.count} onChange={(count) => change({ count })} />
            <ValueFields
              value={draft.value}
              currency={site.currency}
              problem={problem}
              onChange={(value) => change({ value })}
            />
          </fieldset>
          <MoreFields draft={draft} onChange={change} problem={problem} />
          {refused && !hasPlace(refused) && <ProblemNotice problem={refused} />}
          {refused && hasPlace(refused) && <Notice kind="bad">Not saved: {refused.message}</Notice>}
          <div class="form-end">
            <button class="primary" type="submit" disabled={busy}>
              {stored === undefined ? 'Create goal' : 'Save changes'}
            </button>
            <a href={back}>Cancel</a>
          </div>
        </form>
        <TryIt site={site.id} domain={domain} draft={draft} />
      </div>
    </Frame>
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

function MoreFields(props: {
  draft: GoalDraft;
  onChange: (part: Partial<GoalDraft>) => void;
  problem: ApiProblem | undefined;
}) {
  const { draft, onChange, problem } = props;
  const { where } = draft;
  const put = (member: 'include' | 'exclude') => (rules: typeof where.include) => {
    const { [member]: _, ...rest } = where;
    onChange({ where: rules === undefined ? rest : { ...rest, [member]: rules } });
  };
  const used = where.include !== undefined || where.exclude !== undefined || draft.description !== '' || !draft.active;
  return (
    <details class="more" open={used}>
      <summary>Certain pages only, description, switching off</summary>
      <RuleList
        label="Only on these pages"
        rules={where.include ?? []}
        onChange={put('include')}
        problem={problem}
        field="where.include"
      />
      <RuleList
        label="Not on these pages"
        rules={where.exclude ?? []}
        onChange={put('exclude')}
        problem={problem}
        field="where.exclude"
      />
      <TextField
        label="Description"
        rows={2}
        value={draft.description}
        onInput={(description) => onChange({ description })}
        error={errorOf(problem, 'description')}
      />
      <CheckField
        label="Switched on"
        hint="Off, it keeps what it has and counts nothing new."
        checked={draft.active}
        onChange={({ checked }) => onChange({ active: checked })}
      />
    </details>
  );
}

/** What the server says of the draft a moment after the last key; faults of fields that are still empty are kept back. Without a site nothing is asked. */
function useCheck(site: string | null, draft: GoalDraft): ApiProblem | undefined {
  const [problem, setProblem] = useState<ApiProblem>();
  useEffect(() => {
    if (site === null) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      const goal = { ...definitionOf(draft), name: draft.name.trim() || 'Untitled' };
      request(sitePath(site, 'goals', 'check'), { method: 'POST', body: { goal }, signal: controller.signal }).then(
        () => setProblem(undefined),
        (error: unknown) => {
          if (controller.signal.aborted) return;
          const found = asProblem(error);
          const field = found.field.replace(/^goal\./, '');
          const standing = valueAt(draft, field);
          const early = standing === '' || standing === undefined;
          setProblem(
            early ? undefined : new ApiProblem(found.status, { code: found.code, message: found.message, field }),
          );
        },
      );
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [site, draft]);
  return problem;
}
