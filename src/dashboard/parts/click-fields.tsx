/** The fields of triggers that compare a text: what is clicked, or what an event is called. */
import type { TextOperator, Trigger } from '../../core/goal.ts';
import type { ApiProblem } from '../api-client.ts';
import { CheckField, errorOf, SelectField, TextField } from './field.tsx';

const TEXT_OPTIONS: readonly (readonly [TextOperator, string])[] = [
  ['equals', 'is'],
  ['contains', 'contains'],
  ['starts_with', 'starts with'],
  ['ends_with', 'ends with'],
];

interface TextTriggerOptions<T extends Trigger> {
  trigger: T;
  onChange: (trigger: Trigger) => void;
  problem: ApiProblem | undefined;
}

/** A click on something that says a certain text. */
export function TextClickFields({
  trigger,
  onChange,
  problem,
}: TextTriggerOptions<Extract<Trigger, { type: 'text_click' }>>) {
  return (
    <>
      <div class="rule">
        <SelectField
          label="The text"
          value={trigger.match}
          options={TEXT_OPTIONS}
          onChange={(match) => onChange({ ...trigger, match })}
        />
        <TextField
          label="Words"
          value={trigger.text}
          placeholder="Add to cart"
          onInput={(text) => onChange({ ...trigger, text })}
          error={errorOf(problem, 'trigger.text')}
        />
      </div>
      <CheckField
        label="Capital letters matter"
        checked={trigger.case_sensitive}
        onChange={({ checked }) => onChange({ ...trigger, case_sensitive: checked })}
      />
      <TextField
        label="Only inside"
        code
        value={trigger.within ?? ''}
        placeholder=".product"
        onInput={(within) => onChange({ ...trigger, within })}
        hint="A selector. Optional."
        error={errorOf(problem, 'trigger.within')}
      />
    </>
  );
}

/** An event of the page's or the server's own. */
export function EventFields({
  trigger,
  onChange,
  problem,
}: TextTriggerOptions<Extract<Trigger, { type: 'event' | 'revenue' }>>) {
  const money = trigger.type === 'revenue';
  const name = trigger.name || (money ? 'purchase' : 'signup');
  return (
    <>
      <div class="rule">
        <SelectField
          label="The event’s name"
          value={trigger.match}
          options={TEXT_OPTIONS}
          onChange={(match) => onChange({ ...trigger, match })}
        />
        <TextField
          label="Name"
          code
          value={trigger.name}
          placeholder={money ? 'purchase' : 'signup'}
          onInput={(text) => onChange({ ...trigger, name: text })}
          error={errorOf(problem, 'trigger.name')}
        />
      </div>
      <SelectField
        label="Sent by"
        value={trigger.source}
        options={[
          ['any', 'browser or server'],
          ['browser', 'the browser only'],
          ['server', 'your server only'],
        ]}
        onChange={(source) => onChange({ ...trigger, source })}
      />
      {trigger.type === 'revenue' && (
        <TextField
          label="Currency"
          value={trigger.currency ?? ''}
          maxLength={3}
          placeholder="EUR"
          onInput={(currency) => onChange({ ...trigger, currency: currency.toUpperCase() })}
          hint="Optional; it can never be changed once it is set."
          error={errorOf(problem, 'trigger.currency')}
        />
      )}
      <p class="quiet">
        Your page says:{' '}
        <code class="inline">
          {money
            ? `tracker.track('${name}', 49.99, { currency: 'EUR', order_id: 'A-1001' })`
            : `tracker.track('${name}')`}
        </code>
      </p>
    </>
  );
}
