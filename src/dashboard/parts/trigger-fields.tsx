/** The fields of each trigger, in the words of people who want something counted. */
import type { Confirm, Trigger, TriggerType } from '../../core/goal.ts';
import type { ApiProblem } from '../api-client.ts';
import { BLANK_RULE } from '../goal-draft.ts';
import { AttentionFields } from './attention-fields.tsx';
import { EventFields, TextClickFields } from './click-fields.tsx';
import { CheckField, SelectField } from './field.tsx';
import { RuleFields } from './rule-fields.tsx';
import { SelectorField } from './selector-field.tsx';

/** What the fields of one type of trigger get. */
export interface TriggerOptions<T extends TriggerType = TriggerType> {
  trigger: Extract<Trigger, { type: T }>;
  onChange: (trigger: Trigger) => void;
  problem: ApiProblem | undefined;
}

/** The fields of a trigger, whichever it is. */
export function TriggerFields({ trigger, onChange, problem }: TriggerOptions) {
  switch (trigger.type) {
    case 'pageview':
      return <PageviewFields {...{ trigger, onChange, problem }} />;
    case 'link_click':
      return <LinkFields {...{ trigger, onChange, problem }} />;
    case 'element_click':
      return (
        <SelectorField
          label="Selector of the element"
          selector={trigger.selector}
          problem={problem}
          onInput={(selector) => onChange({ ...trigger, selector })}
        />
      );
    case 'text_click':
      return <TextClickFields {...{ trigger, onChange, problem }} />;
    case 'form_submit':
      return <FormFields {...{ trigger, onChange, problem }} />;
    case 'time_spent':
    case 'scroll_depth':
    case 'element_visible':
      return <AttentionFields {...{ trigger, onChange, problem }} />;
    case 'engagement':
      return <p class="quiet">The first click, key or submit on anything interactive, once for each page shown.</p>;
    case 'event':
    case 'revenue':
      return <EventFields {...{ trigger, onChange, problem }} />;
  }
}

function PageviewFields({ trigger, onChange, problem }: TriggerOptions<'pageview'>) {
  return (
    <>
      <RuleFields
        subject="The page"
        field="trigger.url"
        rule={trigger.url}
        problem={problem}
        onChange={(url) => onChange({ ...trigger, url })}
      />
      <SelectField
        label="Shown as"
        value={trigger.view}
        options={[
          ['any', 'a loaded page or a route within one'],
          ['load', 'a loaded page only'],
          ['virtual', 'a route within a page only'],
        ]}
        onChange={(view) => onChange({ ...trigger, view })}
      />
    </>
  );
}

function LinkFields({ trigger, onChange, problem }: TriggerOptions<'link_click'>) {
  const { href, outbound = false } = trigger;
  const setHref = (has: 'rule' | 'any') => {
    const { href: _, ...rest } = trigger;
    onChange(has === 'rule' ? { ...rest, href: href ?? BLANK_RULE } : rest);
  };
  return (
    <>
      <CheckField
        label="Only links to other sites"
        checked={outbound}
        onChange={({ checked }) => {
          const { outbound: _, ...rest } = trigger;
          onChange(checked ? { ...rest, outbound: true } : rest);
        }}
      />
      <CheckField
        label="Only links with a certain target"
        checked={href !== undefined}
        onChange={({ checked }) => setHref(checked ? 'rule' : 'any')}
      />
      {href !== undefined && (
        <RuleFields
          subject="The link’s target"
          field="trigger.href"
          rule={href}
          problem={problem}
          onChange={(rule) => onChange({ ...trigger, href: rule })}
        />
      )}
      <SelectorField
        label="Selector, if only some links are meant"
        selector={trigger.selector ?? ''}
        problem={problem}
        hint="Optional."
        onInput={(selector) => {
          const { selector: _, ...rest } = trigger;
          onChange(selector === '' ? rest : { ...rest, selector });
        }}
      />
    </>
  );
}

function FormFields({ trigger, onChange, problem }: TriggerOptions<'form_submit'>) {
  const { confirm } = trigger;
  const kind = confirm === undefined ? 'none' : 'selector' in confirm ? 'selector' : 'url';
  const choose = (wanted: 'none' | 'selector' | 'url') => {
    const { confirm: _, ...rest } = trigger;
    const proof: Record<'selector' | 'url', Confirm> = { selector: { selector: '' }, url: { url: BLANK_RULE } };
    onChange(wanted === 'none' ? rest : { ...rest, confirm: proof[wanted] });
  };
  return (
    <>
      <SelectorField
        label="Selector of the form"
        selector={trigger.selector}
        problem={problem}
        hint="As in CSS: #signup, form[action='/subscribe']."
        onInput={(selector) => onChange({ ...trigger, selector })}
      />
      <SelectField
        label="It counts"
        value={kind}
        options={[
          ['none', 'when it is sent'],
          ['selector', 'when something appears after it was sent'],
          ['url', 'when a page is shown after it was sent'],
        ]}
        onChange={choose}
      />
      {confirm !== undefined && 'selector' in confirm && (
        <SelectorField
          label="Selector of what appears"
          field="trigger.confirm.selector"
          selector={confirm.selector}
          problem={problem}
          hint="A thank-you message, for example."
          onInput={(selector) => onChange({ ...trigger, confirm: { selector } })}
        />
      )}
      {confirm !== undefined && 'url' in confirm && (
        <RuleFields
          subject="The page"
          field="trigger.confirm.url"
          rule={confirm.url}
          problem={problem}
          onChange={(url) => onChange({ ...trigger, confirm: { url } })}
        />
      )}
    </>
  );
}
