/** Checks where a goal's money comes from. */
import { type Fields, readChoice, readCurrencyCode, readObject, readText, refuse, stated } from './check-field.ts';
import { VALUE_MODES, type Value } from './goal.ts';
import { AMOUNT_UNITS, PROPERTY_KEY_CHARACTERS } from './limits.ts';
import { formatMicros, parseAmount } from './money.ts';
import { checkSelector } from './selector.ts';

const FIELD = 'value';
const EXAMPLE = '{"mode": "fixed", "amount": "49.99", "currency": "EUR"}';

/** Members of each mode besides `mode`. */
const MEMBERS: Record<Value['mode'], readonly string[]> = {
  given: ['currency'],
  none: [],
  fixed: ['amount', 'currency'],
  property: ['property', 'currency'],
  element: ['selector', 'attribute', 'currency'],
  data_layer: ['path', 'currency_path', 'currency'],
  json_ld: ['path', 'type', 'currency'],
};

/** What a value depends on besides the request. */
export interface ValueContext {
  siteCurrency: string;
  freeCurrency: boolean;
}

function readOptionalText(fields: Fields, member: string): string | undefined {
  const value = fields[member];
  return value === undefined ? undefined : readText(value, `value.${member}`, { most: PROPERTY_KEY_CHARACTERS });
}

/** `ecommerce.value`, `offers[0].price`: names and indexes with nothing empty between them. */
function readPath(fields: Fields, member: string): string {
  const path = readText(fields[member], `value.${member}`, { most: PROPERTY_KEY_CHARACTERS });
  return /^[^.[\]]+(?:\.[^.[\]]+|\[\d{1,6}\])*$/.test(path)
    ? path
    : refuse(
        `value.${member}`,
        'Write names with points between them, such as "ecommerce.value" or "offers[0].price".',
      );
}

function readAttribute(fields: Fields): string | undefined {
  const attribute = readOptionalText(fields, 'attribute');
  if (attribute !== undefined && /[\s"'<>/=]/.test(attribute)) {
    refuse('value.attribute', 'Write the name of an HTML attribute, such as "data-price".');
  }
  return attribute;
}

/** The amount in its one spelling, `"49.99"`. */
function readFixedAmount(fields: Fields, currency: string): string {
  const { amount } = fields;
  const micros = typeof amount === 'string' || typeof amount === 'number' ? parseAmount(amount) : undefined;
  return micros === undefined
    ? refuse(
        'value.amount',
        `Write a decimal number with a point, such as "49.99", from -${AMOUNT_UNITS} to ${AMOUNT_UNITS}.`,
      )
    : formatMicros(micros, currency);
}

/** The value rule, `{"mode": "given"}` when there is none. Throws `invalid_field` below `value`. */
export function checkValue(input: unknown, { siteCurrency, freeCurrency }: ValueContext): Value {
  if (input === undefined || input === null) return { mode: 'given' };
  if (typeof input !== 'object' || Array.isArray(input)) refuse(FIELD, `A value is an object such as ${EXAMPLE}.`);
  const mode = readChoice((input as { mode?: unknown }).mode, 'value.mode', VALUE_MODES);
  const fields = readObject(input, FIELD, {
    what: `The value "${mode}"`,
    members: ['mode', ...MEMBERS[mode]],
    example: EXAMPLE,
  });
  const code =
    fields.currency === undefined
      ? undefined
      : readCurrencyCode(fields.currency, 'value.currency', { free: freeCurrency });
  const currency = stated({ currency: code });
  switch (mode) {
    case 'none':
      return { mode };
    case 'given':
      return { mode, ...currency };
    case 'fixed':
      return { mode, amount: readFixedAmount(fields, code ?? siteCurrency), ...currency };
    case 'property':
      return {
        mode,
        property: readText(fields.property, 'value.property', { most: PROPERTY_KEY_CHARACTERS }),
        ...currency,
      };
    case 'element':
      return {
        mode,
        selector: checkSelector(fields.selector, 'value.selector'),
        ...stated({ attribute: readAttribute(fields) }),
        ...currency,
      };
    case 'data_layer':
      return {
        mode,
        path: readPath(fields, 'path'),
        ...stated({
          currency_path: fields.currency_path === undefined ? undefined : readPath(fields, 'currency_path'),
        }),
        ...currency,
      };
    case 'json_ld':
      return {
        mode,
        path: readPath(fields, 'path'),
        ...stated({ type: readOptionalText(fields, 'type') }),
        ...currency,
      };
  }
}
