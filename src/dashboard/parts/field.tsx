/** Fields of forms: label, hint, control and error, tied together for screen readers. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { ApiProblem } from '../api-client.ts';

/** What every field has. */
interface FieldOptions {
  label: string;
  hint?: ComponentChildren;
  /** The field's own error. */
  error?: string | undefined;
}

/** The message of a problem when it is about this field, else nothing. */
export function errorOf(problem: ApiProblem | undefined, field: string): string | undefined {
  return problem?.field === field ? problem.message : undefined;
}

/** A line or several lines of text. */
export function TextField(
  props: FieldOptions & {
    value: string;
    onInput: (value: string) => void;
    type?: 'text' | 'email' | 'password' | 'url' | 'number' | 'date';
    autoComplete?: string;
    placeholder?: string;
    required?: boolean;
    /** Text that machines read: a selector, an address. */
    code?: boolean;
    /** Lines; absent: one. */
    rows?: number;
    list?: string;
    maxLength?: number;
  },
) {
  const id = useId();
  const { label, hint, error, value, onInput, type = 'text', rows, code = false, ...rest } = props;
  // The element's types ask for a constant `type`, which a field that takes several cannot give.
  const shared = {
    ...rest,
    id,
    value,
    class: code ? 'code' : undefined,
    spellcheck: !code,
    'aria-invalid': error === undefined ? undefined : true,
    'aria-describedby': describedBy(id, { hint, error }),
    onInput: (domEvent: { currentTarget: { value: string } }) => onInput(domEvent.currentTarget.value),
  };
  return (
    <Labelled id={id} label={label} hint={hint} error={error}>
      {rows === undefined ? <input type={type as 'text'} {...shared} /> : <textarea rows={rows} {...shared} />}
    </Labelled>
  );
}

/** One of a few. */
export function SelectField<T extends string>(
  props: FieldOptions & {
    value: T;
    options: readonly (readonly [value: T, name: string])[];
    onChange: (value: T) => void;
  },
) {
  const id = useId();
  const { label, hint, error, value, options, onChange } = props;
  return (
    <Labelled id={id} label={label} hint={hint} error={error}>
      <select
        id={id}
        value={value}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={describedBy(id, { hint, error })}
        onChange={(domEvent) => onChange(domEvent.currentTarget.value as T)}
      >
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** Yes or no. */
export function CheckField(props: {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (change: { checked: boolean }) => void;
}) {
  const { label, hint, checked, onChange } = props;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        onChange={(domEvent) => onChange({ checked: domEvent.currentTarget.checked })}
      />
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  );
}

function describedBy(id: string, { hint, error }: Pick<FieldOptions, 'hint' | 'error'>): string | undefined {
  const parts = [...(error === undefined ? [] : [`${id}-error`]), ...(hint === undefined ? [] : [`${id}-hint`])];
  return parts.length > 0 ? parts.join(' ') : undefined;
}

function Labelled(props: FieldOptions & { id: string; children: ComponentChildren }) {
  const { id, label, hint, error, children } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
