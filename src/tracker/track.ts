/** Custom events: what a page may say in `track`, and what of it is taken. */
import type { Properties } from '../core/event.ts';
import {
  EVENT_PROPERTIES,
  PROPERTY_KEY_CHARACTERS,
  PROPERTY_VALUE_CHARACTERS,
  TRACK_NAME_CHARACTERS,
} from '../core/limits.ts';
import { PLAN_SIGNALS } from '../core/plan.ts';
import { emit } from './listeners.ts';
import { record } from './record.ts';

/** A money amount: a number, or a decimal as text. */
type Amount = number | string;

/** What `track` takes besides the name: money, order and up to EVENT_PROPERTIES properties. */
export interface TrackProperties {
  amount?: Amount;
  value?: Amount;
  revenue?: Amount | { amount: Amount; currency?: string };
  /** With a plain `revenue`: how many times it was paid. */
  quantity?: Amount;
  currency?: string;
  order_id?: string;
  [property: string]: unknown;
}

/** Whether a text has more code points than the limit. */
const exceeds = (text: unknown, limit: number): unknown => [...`${text}`][limit];

/** Whether a value can travel: text, a finite number, true or false. */
const isPlain = (value: unknown): boolean => /^[sb][to]/.test(typeof value) || Number.isFinite(value);

/** The properties that are within the limits; listeners to `drop` are told of the rest. */
export const acceptProperties = (given?: object | null): Properties => {
  const taken: Properties = {};
  for (const [key, value] of Object.entries(given ?? {})) {
    if (
      isPlain(value) &&
      !exceeds(key, PROPERTY_KEY_CHARACTERS) &&
      !exceeds(value, PROPERTY_VALUE_CHARACTERS) &&
      Object.keys(taken).length < EVENT_PROPERTIES
    ) {
      taken[key] = value;
    } else if (value != null) emit('drop', { reason: 'bad_property', key });
  }
  return taken;
};

/** Records a custom event and gives its id; undefined when it is not taken, which listeners to `drop` are told. */
export const track = (
  name: string,
  amount?: Amount | TrackProperties | null,
  properties?: TrackProperties,
): string | undefined => {
  const label = isPlain(name) ? `${name}`.trim() : '';
  if (!/^[^$]/.test(label) || exceeds(label, TRACK_NAME_CHARACTERS)) {
    return void emit('drop', { reason: 'bad_name', name });
  }
  const given = { ...properties, ...(typeof amount === 'object' ? amount : amount != null && { amount }) };
  const { amount: plain, value, revenue, quantity, currency, order_id, ...rest } = given as TrackProperties;
  const { amount: paid = quantity ? (revenue as never) * (quantity as never) : revenue, currency: paidIn = currency } =
    Object(revenue);
  const money = plain ?? value ?? paid;
  if (!isPlain(money ?? 0)) emit('drop', { reason: 'bad_amount', name });
  return record(
    { n: label, ...(isPlain(money) && { m: money }), c: paidIn, o: order_id!, p: acceptProperties(rest) },
    ({ x: pattern }) => new RegExp(...pattern!).test(label),
    [PLAN_SIGNALS.event],
  );
};
