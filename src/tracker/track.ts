/** Custom events: what a page may say in `track`, and what of it is taken. */
import type { Properties } from '../core/event.ts';
import {
  EVENT_PROPERTIES,
  ORDER_ID_CHARACTERS,
  PROPERTY_KEY_CHARACTERS,
  PROPERTY_VALUE_CHARACTERS,
  TRACK_NAME_CHARACTERS,
} from '../core/limits.ts';
import { matchesText } from '../core/match-text.ts';
import { PLAN_TRIGGERS } from '../core/plan.ts';
import { emit } from './listeners.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';

/** What `track` takes besides the name: money, order and up to EVENT_PROPERTIES properties. */
export interface TrackProperties {
  amount?: number | string;
  value?: number | string;
  revenue?: number | string | { amount: number | string; currency?: string };
  /** With a plain `revenue`: how many times it was paid. */
  quantity?: number | string;
  currency?: string;
  order_id?: string;
  [property: string]: unknown;
}

/** Whether a text has more code points than the limit. */
function exceeds(text: unknown, limit: number): boolean {
  return [...`${text}`].length > limit;
}

/** The money amount, if it is one: a finite number or a text. */
function amountOf(given: unknown): number | string | undefined {
  if (given == null) return undefined;
  if (typeof given === 'string' || Number.isFinite(given)) return given as number | string;
  emit('drop', { reason: 'bad_amount' });
  return undefined;
}

/** The properties that are within the limits. */
export function acceptProperties(given: Record<string, unknown>): Properties {
  const taken: Properties = {};
  let count = 0;
  for (const [key, value] of Object.entries(given)) {
    if (value == null) continue;
    const isPlain = /^(str|num|bool)/.test(typeof value) && value === value;
    if (
      !isPlain || exceeds(key, PROPERTY_KEY_CHARACTERS) || exceeds(value, PROPERTY_VALUE_CHARACTERS) || ++count > EVENT_PROPERTIES
    ) emit('drop', { reason: 'bad_property', key });
    else taken[key] = value as string;
  }
  return taken;
}

/** Records a custom event and gives its id; undefined when it is not taken, which listeners to `drop` are told. */
export function track(name: string, amount?: number | string | TrackProperties | null, properties?: TrackProperties): string | undefined {
  const label = `${name}`.trim();
  if (!label || label[0] === '$' || exceeds(label, TRACK_NAME_CHARACTERS)) {
    emit('drop', { reason: 'bad_name', name });
    return undefined;
  }
  const given = amount && typeof amount === 'object' ? amount : { ...properties, amount: amount ?? properties?.amount };
  const { amount: plain, value, revenue, quantity, currency, order_id, ...rest } = given;
  const paid = revenue && typeof revenue === 'object' ? revenue : { amount: revenue && quantity ? +revenue * +quantity : revenue, currency };
  return record(
    {
      n: label,
      m: amountOf(plain ?? value ?? paid.amount)!,
      c: (paid.currency ?? currency)!,
      o: order_id!,
      p: acceptProperties(rest),
    },
    () => goalsOf(PLAN_TRIGGERS.event),
    ({ m: operator = 0, x: text = '' }) => matchesText(operator, text, label),
  );
}
