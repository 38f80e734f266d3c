/** What a conversion is worth, and how often a visitor may count. */
import { COUNT_RULES, type CountRule, VALUE_MODES, type Value } from '../../core/goal.ts';
import type { ApiProblem } from '../api-client.ts';
import { blankValue } from '../goal-draft.ts';
import { errorOf, SelectField, TextField } from './field.tsx';

const MODE_NAMES: Readonly<Record<Value['mode'], string>> = {
  given: 'what the event says, if it says anything',
  none: 'no money',
  fixed: 'always the same amount',
  property: 'a property of the event',
  element: 'a price that stands on the page',
  data_layer: 'a value in the data layer',
  json_ld: 'a value in the page’s JSON-LD',
};
const COUNT_NAMES: Readonly<Record<CountRule, string>> = {
  every: 'every time',
  once_per_page: 'once for each page shown',
  once_per_session: 'once a visit',
  once_per_visitor: 'once a visitor',
};

/** How often one visitor may count. */
export function CountField({ count, onChange }: { count: CountRule; onChange: (count: CountRule) => void }) {
  return (
    <SelectField
      label="It counts"
      value={count}
      options={COUNT_RULES.map((rule) => [rule, COUNT_NAMES[rule]] as const)}
      onChange={onChange}
    />
  );
}

/** Where the money comes from. */
export function ValueFields(props: {
  value: Value;
  currency: string;
  onChange: (value: Value) => void;
  problem: ApiProblem | undefined;
}) {
  const { value, currency, onChange, problem } = props;
  const field = (name: string, options: { label: string; placeholder: string; hint?: string }) => (
    <TextField
      {...options}
      code
      value={String((value as unknown as Record<string, unknown>)[name] ?? '')}
      onInput={(text) => onChange({ ...value, [name]: text } as Value)}
      error={errorOf(problem, `value.${name}`)}
    />
  );
  return (
    <>
      <SelectField
        label="It is worth"
        value={value.mode}
        options={VALUE_MODES.map((mode) => [mode, MODE_NAMES[mode]] as const)}
        onChange={(mode) => onChange(blankValue(mode))}
      />
      {value.mode === 'fixed' && field('amount', { label: 'Amount', placeholder: '49.99' })}
      {value.mode === 'property' && field('property', { label: 'Name of the property', placeholder: 'price' })}
      {value.mode === 'element' && field('selector', { label: 'Selector of the price', placeholder: '.price' })}
      {value.mode === 'element' &&
        field('attribute', { label: 'Attribute', placeholder: 'data-price', hint: 'Optional; the text otherwise.' })}
      {(value.mode === 'data_layer' || value.mode === 'json_ld') &&
        field('path', {
          label: 'Path to the value',
          placeholder: value.mode === 'json_ld' ? 'offers.price' : 'ecommerce.value',
        })}
      {value.mode !== 'none' &&
        value.mode !== 'given' &&
        field('currency', { label: 'Currency', placeholder: currency, hint: `Optional; ${currency} otherwise.` })}
    </>
  );
}
