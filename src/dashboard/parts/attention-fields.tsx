/** The fields of triggers that count attention: time, scrolling, sight. */
import type { Trigger } from '../../core/goal.ts';
import type { ApiProblem } from '../api-client.ts';
import { errorOf, SelectField, TextField } from './field.tsx';
import { SelectorField } from './selector-field.tsx';

interface AttentionOptions {
  trigger: Extract<Trigger, { type: 'time_spent' | 'scroll_depth' | 'element_visible' }>;
  onChange: (trigger: Trigger) => void;
  problem: ApiProblem | undefined;
}

/** Numbers with their units, in the units people think in. */
export function AttentionFields({ trigger, onChange, problem }: AttentionOptions) {
  const number = (label: string, value: number, change: { field: string; put: (value: number) => void }) => (
    <TextField
      label={label}
      type="number"
      value={String(value)}
      error={errorOf(problem, `trigger.${change.field}`)}
      onInput={(text) => change.put(Number(text))}
    />
  );
  if (trigger.type === 'scroll_depth') {
    return number('Percent of the page', trigger.percent, {
      field: 'percent',
      put: (percent) => onChange({ ...trigger, percent }),
    });
  }
  if (trigger.type === 'time_spent') {
    return (
      <div class="pair">
        {number('Seconds in view', trigger.seconds, {
          field: 'seconds',
          put: (seconds) => onChange({ ...trigger, seconds }),
        })}
        <SelectField
          label="On"
          value={trigger.span}
          options={[
            ['page', 'one page'],
            ['session', 'the whole visit'],
          ]}
          onChange={(span) => onChange({ ...trigger, span })}
        />
      </div>
    );
  }
  return (
    <>
      <SelectorField
        label="Selector of the element"
        selector={trigger.selector}
        problem={problem}
        hint="As in CSS: #pricing."
        onInput={(selector) => onChange({ ...trigger, selector })}
      />
      <div class="pair">
        {number('Share on screen, percent', Math.round(trigger.ratio * 100), {
          field: 'ratio',
          put: (percent) => onChange({ ...trigger, ratio: percent / 100 }),
        })}
        {number('For so many seconds', trigger.delay_ms / 1_000, {
          field: 'delay_ms',
          put: (seconds) => onChange({ ...trigger, delay_ms: Math.round(seconds * 1_000) }),
        })}
      </div>
    </>
  );
}
