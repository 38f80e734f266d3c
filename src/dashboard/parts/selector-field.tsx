/** A field for a CSS selector. */
import type { ApiProblem } from '../api-client.ts';
import { errorOf, TextField } from './field.tsx';

/** Proposes what people most often mean. */
export function SelectorField(props: {
  label: string;
  selector: string;
  onInput: (selector: string) => void;
  problem: ApiProblem | undefined;
  field?: string;
  hint?: string;
}) {
  const {
    label,
    selector,
    onInput,
    problem,
    field = 'trigger.selector',
    hint = 'As in CSS: #signup, .buy, [data-plan=pro]. Clicks inside it count too.',
  } = props;
  return (
    <TextField
      label={label}
      code
      value={selector}
      placeholder="#signup"
      onInput={onInput}
      hint={hint}
      error={errorOf(problem, field)}
    />
  );
}
