/** The money of conversions, by every value rule. */
import { describe, expect, it } from 'vitest';
import type { GoalpostEvent, MetGoal } from '../../src/core/event.ts';
import { conversionValue } from '../../src/core/goal-value.ts';
import { makeEvent, makeGoal } from './make-goal.ts';

interface Row {
  why: string;
  value: Record<string, unknown>;
  trigger?: Record<string, unknown>;
  event?: Partial<GoalpostEvent>;
  found?: Omit<MetGoal, 'goal_id'>;
  /** Micro-units and currency, or the diagnostic, or nothing. */
  gives: [bigint, string] | string | undefined;
}

const M = 1_000_000n;
const paid = { amount_micros: 5n * M, currency: 'GBP' };
const buy = { type: 'event', name: 'buy' };
const eurRevenue = { type: 'revenue', name: 'buy', currency: 'EUR' };
const element = { mode: 'element', selector: '#a' };
const layer = { mode: 'data_layer', path: 'a' };

const rows: Row[] = [
  { why: 'none is never money', value: { mode: 'none' }, event: paid, gives: undefined },
  { why: "given takes the event's", value: { mode: 'given' }, event: paid, gives: [5n * M, 'GBP'] },
  { why: 'zero is an amount', value: { mode: 'given' }, event: { amount_micros: 0n }, gives: [0n, 'USD'] },
  {
    why: "given without currency: the goal's",
    value: { mode: 'given', currency: 'EUR' },
    event: { amount_micros: M },
    gives: [M, 'EUR'],
  },
  {
    why: "given without any currency: the site's",
    value: { mode: 'given' },
    event: { amount_micros: M },
    gives: [M, 'USD'],
  },
  { why: 'given may be nothing', value: { mode: 'given' }, gives: undefined },
  {
    why: 'a revenue event without amount is noted',
    value: { mode: 'given' },
    trigger: eurRevenue,
    gives: 'missing_amount',
  },
  {
    why: "the trigger's currency",
    value: { mode: 'given' },
    trigger: eurRevenue,
    event: { amount_micros: M },
    gives: [M, 'EUR'],
  },
  {
    why: 'another currency counts under its own',
    value: { mode: 'given' },
    trigger: eurRevenue,
    event: paid,
    gives: [5n * M, 'GBP'],
  },
  {
    why: "the value's currency outranks the trigger's",
    value: { mode: 'given', currency: 'CHF' },
    trigger: eurRevenue,
    event: { amount_micros: M },
    gives: [M, 'CHF'],
  },
  {
    why: 'fixed is always that',
    value: { mode: 'fixed', amount: '9.50', currency: 'EUR' },
    event: paid,
    gives: [9_500_000n, 'EUR'],
  },
  { why: "fixed in the site's currency", value: { mode: 'fixed', amount: 9 }, event: paid, gives: [9n * M, 'USD'] },
  {
    why: 'a property',
    value: { mode: 'property', property: 'total' },
    event: { properties: { total: '12.5' } },
    gives: [12_500_000n, 'USD'],
  },
  {
    why: 'a property that is a number',
    value: { mode: 'property', property: 'total', currency: 'EUR' },
    event: { properties: { total: 0.1 } },
    gives: [100_000n, 'EUR'],
  },
  {
    why: 'a property as people write it',
    value: { mode: 'property', property: 'total' },
    event: { properties: { total: '1.299,00 €' } },
    gives: [1_299n * M, 'EUR'],
  },
  {
    why: "a property beside the event's currency",
    value: { mode: 'property', property: 'total', currency: 'EUR' },
    event: { currency: 'GBP', properties: { total: 3 } },
    gives: [3n * M, 'GBP'],
  },
  {
    why: 'a property that is missing',
    value: { mode: 'property', property: 'total' },
    event: paid,
    gives: 'missing_amount',
  },
  {
    why: 'a property that is no amount',
    value: { mode: 'property', property: 'total' },
    event: { properties: { total: 'much' } },
    gives: 'unreadable_amount',
  },
  {
    why: 'a property that is a truth value',
    value: { mode: 'property', property: 'total' },
    event: { properties: { total: true } },
    gives: 'unreadable_amount',
  },
  {
    why: 'an inherited name is no property',
    value: { mode: 'property', property: 'constructor' },
    gives: 'missing_amount',
  },
  ...['amount', 'value', 'revenue', 'revenue.amount'].map(
    (property): Row => ({
      why: `the event's amount as ${property}`,
      value: { mode: 'property', property },
      event: paid,
      gives: [5n * M, 'GBP'],
    }),
  ),
  {
    why: "an own property outranks the event's amount",
    value: { mode: 'property', property: 'value' },
    event: { ...paid, properties: { value: 7 } },
    gives: [7n * M, 'GBP'],
  },
  { why: 'no amount and no property', value: { mode: 'property', property: 'amount' }, gives: 'missing_amount' },
  { why: "an element's text", value: element, found: { raw_amount: '1.299,00 €' }, gives: [1_299n * M, 'EUR'] },
  { why: 'an element groups thousands', value: element, found: { raw_amount: '1.299' }, gives: [1_299n * M, 'USD'] },
  {
    why: "an element in the goal's currency",
    value: { ...element, currency: 'CAD' },
    found: { raw_amount: '$5' },
    gives: [5n * M, 'CAD'],
  },
  {
    why: "an element in the event's currency",
    value: element,
    event: { currency: 'GBP' },
    found: { raw_amount: '5' },
    gives: [5n * M, 'GBP'],
  },
  { why: 'an element without amount', value: element, found: { raw_amount: 'free' }, gives: 'unreadable_amount' },
  { why: 'an element not read', value: element, found: {}, gives: 'missing_amount' },
  { why: 'a browser that found nothing', value: element, event: paid, gives: 'missing_amount' },
  {
    why: 'a data layer writes decimals',
    value: layer,
    found: { raw_amount: '1.299', raw_currency: 'eur' },
    gives: [1_299_000n, 'EUR'],
  },
  { why: 'a data layer with text', value: layer, found: { raw_amount: '1 299,00' }, gives: [1_299n * M, 'USD'] },
  {
    why: 'a stated currency outranks a printed one',
    value: layer,
    found: { raw_amount: '$5.00', raw_currency: 'CAD' },
    gives: [5n * M, 'CAD'],
  },
  {
    why: 'a currency nobody knows',
    value: layer,
    found: { raw_amount: '5', raw_currency: 'BTC' },
    gives: 'unknown_currency',
  },
  {
    why: 'JSON-LD',
    value: { mode: 'json_ld', path: 'offers.price' },
    found: { raw_amount: '49.99', raw_currency: 'EUR' },
    gives: [49_990_000n, 'EUR'],
  },
];

describe('conversionValue', () => {
  it.each(rows)('$why', ({ value, trigger = buy, event, found, gives }) => {
    const met = found && { goal_id: 'goal_a', ...found };
    const result = conversionValue(makeGoal({ trigger, value }), makeEvent(event), { found: met, siteCurrency: 'USD' });
    if (gives === undefined) expect(result).toEqual({});
    else if (typeof gives === 'string') expect(result).toEqual({ diagnostic: gives });
    else expect(result).toEqual({ micros: gives[0], currency: gives[1] });
  });

  it('keeps free codes, and spells ISO codes in upper case', () => {
    const goal = makeGoal({ trigger: buy });
    const of = (currency: string) =>
      conversionValue({ ...goal, value: { mode: 'fixed', amount: '5', currency } }, makeEvent(), {
        siteCurrency: 'USD',
      });
    expect(of('POINTS').currency).toBe('POINTS');
    expect(of('eur').currency).toBe('EUR');
  });
});
