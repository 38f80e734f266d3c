/** Rules on addresses: one, and lists of them. */
import { MATCH_OPERATORS, type UrlRule } from '../../core/goal.ts';
import type { ApiProblem } from '../api-client.ts';
import { BLANK_RULE } from '../goal-draft.ts';
import { errorOf, SelectField, TextField } from './field.tsx';

/** Operators in words, with an example each. */
const OPERATORS: Readonly<Record<UrlRule['match'], { name: string; example: string }>> = {
  path: { name: 'has the path', example: '/thank-you or /shop/*' },
  simple: { name: 'is', example: 'shop.example/thank-you' },
  exact: { name: 'is exactly', example: 'https://shop.example/thank-you?ref=1' },
  wildcard: { name: 'looks like', example: 'https://shop.example/*/done*' },
  contains: { name: 'contains', example: 'order=' },
  starts_with: { name: 'starts with', example: '/blog/' },
  ends_with: { name: 'ends with', example: '.pdf' },
  domain: { name: 'is on the domain', example: 'partner.example' },
  regex: { name: 'matches the pattern', example: '^/product/\\d+$' },
  group: { name: 'is in the URL group', example: 'checkout' },
};
const ORDER = [...MATCH_OPERATORS].sort(
  (a, b) => Object.keys(OPERATORS).indexOf(a) - Object.keys(OPERATORS).indexOf(b),
);
const OPTIONS = ORDER.map((match) => [match, OPERATORS[match].name] as const);

/** What a rule's fields need. */
export interface RuleOptions {
  /** What the rule is about: “The page”. */
  subject: string;
  rule: UrlRule;
  onChange: (rule: UrlRule) => void;
  problem: ApiProblem | undefined;
  /** Path of the rule in the goal. */
  field: string;
}

/** One rule: how to compare, and with what. */
export function RuleFields({ subject, rule, onChange, problem, field }: RuleOptions) {
  const change = (part: Partial<UrlRule>) => {
    const { slow: _, ...rest } = rule;
    onChange({ ...rest, ...part });
  };
  return (
    <div class="rule">
      <SelectField
        label={subject}
        value={rule.match}
        options={OPTIONS}
        onChange={(match) => change({ match })}
        error={errorOf(problem, `${field}.match`)}
      />
      <TextField
        label="Address"
        code
        value={rule.value}
        placeholder={OPERATORS[rule.match].example}
        onInput={(value) => change({ value })}
        error={errorOf(problem, `${field}.value`) ?? errorOf(problem, field)}
      />
    </div>
  );
}

/** Several rules, any of which is enough. */
export function RuleList(props: {
  label: string;
  rules: readonly UrlRule[];
  onChange: (rules: UrlRule[] | undefined) => void;
  problem: ApiProblem | undefined;
  field: string;
}) {
  const { label, rules, onChange, problem, field } = props;
  const put = (changed: UrlRule[]) => onChange(changed.length === 0 ? undefined : changed);
  return (
    <fieldset class="rule-list">
      <legend>{label}</legend>
      {rules.map((rule, index) => (
        <div class="rule-line" key={`${field}-${index.toString()}`}>
          <RuleFields
            subject="The page"
            rule={rule}
            field={`${field}.${index}`}
            problem={problem}
            onChange={(changed) => put(rules.map((other, place) => (place === index ? changed : other)))}
          />
          <button
            type="button"
            class="plain"
            aria-label={`Remove rule ${index + 1}`}
            onClick={() => put(rules.filter((_, place) => place !== index))}
          >
            Remove
          </button>
        </div>
      ))}
      <button type="button" class="plain" onClick={() => put([...rules, BLANK_RULE])}>
        + Add a rule
      </button>
    </fieldset>
  );
}
