/** The rarer parts of a goal: on which pages it listens, its description, whether it is switched on. */
import type { ApiProblem } from '../api-client.ts';
import type { GoalDraft } from '../goal-draft.ts';
import { CheckField, errorOf, TextField } from './field.tsx';
import { RuleList } from './rule-fields.tsx';

/** Closed until one of them says something. */
export function MoreFields(props: {
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
