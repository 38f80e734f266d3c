/** DataFast's payments: an order each, counted once by its transaction id, given back when it is refunded. */
import { createHash } from 'node:crypto';
import { isCurrency } from '../../../core/currency.ts';
import { ORDER_ID_CHARACTERS } from '../../../core/limits.ts';
import { parseAmount } from '../../../core/money.ts';
import { Problem } from '../../../core/problem.ts';
import type { Route } from '../dialect.ts';
import { goalsOf } from '../native-stats.ts';
import { refundOrder } from '../refund-order.ts';
import { ensureGoal, succeed } from './datafast-goal.ts';
import { readMoment, visitorIn } from './datafast-request.ts';
import { sendServerEvent } from './dialect-event.ts';
import { type Fields, fieldsOf, isFields, type LooseCall, looseRoute, siteOfCall } from './dialect-request.ts';

const tag = 'DataFast';
/** Name of the event of a payment, and of the goal that counts it. */
export const PAYMENT = 'payment';
/** A payment is refunded whole and once, so one name for its refund is enough. */
const REFUND = 'refunded';

const refuse = (field: string, message: string) => new Problem('invalid_body', message, { field });

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

function readTransaction(fields: Fields): string {
  const raw = fields.transaction_id;
  const id = typeof raw === 'number' ? String(raw) : raw;
  if (typeof id !== 'string' || id.trim() === '') throw refuse('transaction_id', 'transaction_id is required');
  if ([...id.trim()].length > ORDER_ID_CHARACTERS)
    throw refuse('transaction_id', `transaction_id may have at most ${ORDER_ID_CHARACTERS} characters`);
  return id.trim();
}

function readAmount({ amount }: Fields): string | number {
  if (amount === undefined || amount === null || amount === '') throw refuse('amount', 'amount is required');
  const micros = typeof amount === 'string' || typeof amount === 'number' ? parseAmount(amount) : undefined;
  if (micros === undefined || micros < 0n) throw refuse('amount', 'amount must be a number that is not negative');
  return amount as string | number;
}

function readCurrency({ currency }: Fields): string {
  if (currency === undefined || currency === null || currency === '') throw refuse('currency', 'currency is required');
  const code = typeof currency === 'string' ? currency.trim().toUpperCase() : '';
  if (!isCurrency(code)) throw refuse('currency', 'currency must be an ISO 4217 code such as USD');
  return code;
}

function readSwitch(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== 'boolean') throw refuse(name, `${name} must be true or false`);
  return value;
}

/** Whoever paid is kept as a digest only: enough to tell payers apart, too little to write to them. */
function readProperties(fields: Fields): Record<string, string | boolean> {
  const properties: Record<string, string | boolean> = { renewal: readSwitch(fields, 'renewal') };
  const { email, customer_id } = fields;
  if (typeof email === 'string' && email.trim() !== '') properties.email_hash = digest(email.trim().toLowerCase());
  if (typeof customer_id === 'string' && customer_id !== '') properties.customer_hash = digest(customer_id);
  return properties;
}

/** Gives an order back whole. What no goal counted, and what is given back already, needs nothing. */
async function refund(call: LooseCall, order_id: string): Promise<void> {
  const site = siteOfCall(call);
  try {
    await refundOrder(call.backend, { site, order_id, refund_id: REFUND, goals: goalsOf(call) });
  } catch (error) {
    const settled = error instanceof Problem && ['unknown_order', 'refund_exceeds'].includes(error.code);
    if (!settled) throw error;
  }
}

async function pay(call: LooseCall) {
  const fields = fieldsOf(call.body);
  const transaction = readTransaction(fields);
  const visitor = visitorIn(fields);
  const time = readMoment(fields, ['timestamp']);
  const event = {
    // The same transaction is the same event, so a repeated request stores nothing twice.
    id: digest(`${PAYMENT}\n${transaction}`),
    name: PAYMENT,
    amount: readAmount(fields),
    currency: readCurrency(fields),
    properties: readProperties(fields),
    order: transaction,
    ...(visitor === undefined ? {} : { visitor }),
    ...(time === undefined ? {} : { time }),
  };
  const refunded = readSwitch(fields, 'refunded');
  await ensureGoal(call, PAYMENT, 'revenue');
  await sendServerEvent(call, event);
  if (refunded) await refund(call, transaction);
  return succeed({ message: 'Payment recorded successfully', transaction_id: transaction });
}

/** The transaction stands in the query or in the body. */
async function unpay(call: LooseCall) {
  const transaction = readTransaction({ ...(isFields(call.body) ? call.body : {}), ...call.query });
  await call.backend.collector.fresh();
  const gone = await call.backend.store.erase({ site: siteOfCall(call).number, order_id: transaction });
  if (gone.events === 0 && gone.conversions === 0) throw new Problem('not_found', 'Payment not found');
  return succeed({ message: 'Payment deleted successfully', transaction_id: transaction });
}

export const PAYMENT_ROUTES: readonly Route[] = [
  looseRoute({
    method: 'POST',
    path: '/api/v1/payments',
    scope: 'events:write',
    tag,
    summary: 'Records a payment once per transaction, or its refund.',
    run: pay,
  }),
  looseRoute({
    method: 'DELETE',
    path: '/api/v1/payments',
    scope: 'events:write',
    tag,
    summary: 'Deletes a payment by its transaction.',
    run: unpay,
  }),
];
