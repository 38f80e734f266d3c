/** The money of a conversion, by the goal's value rule. A conversion is never lost for its value. */
import { readCurrency } from './currency.ts';
import type { GoalpostEvent, MetGoal } from './event.ts';
import type { GoalDefinition } from './goal.ts';
import { type ReadMoney, readAmount, readMoney } from './read-money.ts';

/** Why a conversion counts without money though its rule asks for some. */
export type ValueDiagnostic = 'missing_amount' | 'unreadable_amount' | 'unknown_currency';

/** Amount and currency, both or neither; without them perhaps why. */
export interface ConversionValue {
  /** Signed micro-units. */
  micros?: bigint;
  currency?: string;
  diagnostic?: ValueDiagnostic;
}

/** What a value depends on besides goal and event. */
export interface ValueSources {
  /** What the browser read, for the modes that read the page. */
  found?: MetGoal | undefined;
  siteCurrency: string;
}

/** `track(name, 49.99)`, `{amount}`, `{value}` and `{revenue}` all arrive as the event's amount; a goal may name any. */
const AMOUNT_ALIASES: ReadonlySet<string> = new Set(['amount', 'value', 'revenue', 'revenue.amount']);

/** The value of one conversion. Its currency is the event's, else the goal's, else the site's; `fixed` ignores the event. */
export function conversionValue(
  goal: Pick<GoalDefinition, 'trigger' | 'value'>,
  event: Pick<GoalpostEvent, 'amount_micros' | 'currency' | 'properties'>,
  { found, siteCurrency }: ValueSources,
): ConversionValue {
  const { value, trigger } = goal;
  if (value.mode === 'none') return {};
  const triggerCurrency = trigger.type === 'revenue' ? trigger.currency : undefined;
  const goalCurrency = spelled(value.currency ?? triggerCurrency ?? siteCurrency);
  const currency = event.currency ?? goalCurrency;
  switch (value.mode) {
    case 'given':
      if (event.amount_micros !== undefined) return { micros: event.amount_micros, currency };
      return trigger.type === 'revenue' ? { diagnostic: 'missing_amount' } : {};
    case 'fixed':
      return withMoney(readAmount(value.amount), goalCurrency);
    case 'property': {
      const { properties, amount_micros } = event;
      if (Object.hasOwn(properties, value.property))
        return withMoney(readAmount(properties[value.property], currency), currency, event.currency);
      const micros = AMOUNT_ALIASES.has(value.property) ? amount_micros : undefined;
      return micros === undefined ? { diagnostic: 'missing_amount' } : { micros, currency };
    }
    default:
      return foundValue(found, { currency, fromProgram: value.mode !== 'element' });
  }
}

/** What the browser read of the page. Programs write data layers and JSON-LD, people what elements show. */
function foundValue(
  found: MetGoal | undefined,
  { currency, fromProgram }: { currency: string; fromProgram: boolean },
): ConversionValue {
  if (found?.raw_amount === undefined) return { diagnostic: 'missing_amount' };
  const named = found.raw_currency === undefined ? undefined : readCurrency(found.raw_currency, currency);
  if (found.raw_currency !== undefined && named === undefined) return { diagnostic: 'unknown_currency' };
  const expected = named ?? currency;
  const read = fromProgram ? readAmount(found.raw_amount, expected) : readMoney(found.raw_amount, expected);
  return withMoney(read, expected, named);
}

/** The money that was read; a currency stated beside it outranks one written in it, and that one the default. */
function withMoney(read: ReadMoney | undefined, fallback: string, statedCurrency?: string): ConversionValue {
  return read === undefined
    ? { diagnostic: 'unreadable_amount' }
    : { micros: read.micros, currency: statedCurrency ?? read.currency ?? fallback };
}

/** ISO codes in their one spelling; free codes as they are. */
function spelled(currency: string): string {
  return readCurrency(currency) ?? currency;
}
