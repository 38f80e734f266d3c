/** Refunds: negative rows dated now, one for each goal that counted the order, never more than was paid. */
import { Problem } from '../../core/problem.ts';
import type { Run } from './duckdb-engine.ts';
import type { RefundCommand, RefundRow, StoreValue } from './event-store.ts';
import { CONVERSION_COLUMNS } from './load-conversions.ts';

/** One goal's money of an order. */
interface Paid {
  goal: number;
  generation: number;
  currency: string | null;
  /** Micro-units not refunded yet; null when the order counted without money. */
  remaining: string | null;
}

/** `(goal, generation)` is one of the command's. */
function goalsSql(command: RefundCommand): string {
  const goals = command.goals.map(({ goal, generation }) => `(${goal}, ${generation})`);
  return goals.length === 0 ? 'false' : `(goal, generation) IN (${goals.join(', ')})`;
}

/** Rows that this refund id made before. */
function madeBefore(run: Run, command: RefundCommand): Promise<RefundRow[]> {
  return run<RefundRow>(
    `SELECT goal, generation, CAST(amount AS VARCHAR) AS amount, currency, ts FROM conversions
     WHERE site = ${command.site} AND refund AND order_id = $1 AND refund_id = $2 AND ${goalsSql(command)} ORDER BY goal`,
    [command.order_id, command.refund_id],
  );
}

async function paidFor(run: Run, command: RefundCommand): Promise<Paid[]> {
  const rows = await run<Paid>(
    `SELECT goal, generation, any_value(currency) AS currency, CAST(sum(amount) AS VARCHAR) AS remaining FROM conversions
     WHERE site = ${command.site} AND order_id = $1 AND ${goalsSql(command)}
     GROUP BY goal, generation HAVING max(NOT refund) ORDER BY goal`,
    [command.order_id],
  );
  if (rows.length === 0) {
    throw new Problem('unknown_order', `No goal has counted the order "${command.order_id}".`, { field: 'order_id' });
  }
  return rows.filter((row) => row.remaining !== null);
}

/** Makes the rows, or answers those the same refund id made before. Throws `unknown_order`, `refund_exceeds`. */
export async function refundOrder(run: Run, command: RefundCommand): Promise<RefundRow[]> {
  const before = await madeBefore(run, command);
  if (before.length > 0) return before;
  const paid = await paidFor(run, command);
  const most = paid.reduce((high, row) => (BigInt(row.remaining!) > high ? BigInt(row.remaining!) : high), 0n);
  if (most <= 0n || (command.amount ?? 1n) > most) {
    throw new Problem('refund_exceeds', `The order "${command.order_id}" has less than that left to refund.`, {
      field: 'amount',
    });
  }
  for (const { goal, generation, remaining } of paid) {
    const left = BigInt(remaining!);
    // Goals may have counted the same order with different values: each gives back at most its own.
    const amount = command.amount === undefined || command.amount > left ? left : command.amount;
    if (amount > 0n) await insertRefund(run, command, { goal, generation, amount });
  }
  return madeBefore(run, command);
}

/** One row with everything else as the order's own conversion has it. */
async function insertRefund(
  run: Run,
  command: RefundCommand,
  row: { goal: number; generation: number; amount: bigint },
): Promise<void> {
  const params: StoreValue[] = [command.order_id, command.refund_id, command.keyOf(row.goal, row.generation)];
  await run(
    `INSERT INTO conversions (${CONVERSION_COLUMNS}) SELECT ${refundColumns({ amount: String(-row.amount), ts: String(command.now_ms) })}
     FROM conversions WHERE site = ${command.site} AND goal = ${row.goal} AND generation = ${row.generation}
       AND order_id = $1 AND NOT refund ORDER BY ts, event LIMIT 1`,
    params,
  );
}

/** CONVERSION_COLUMNS of an order's row with what a refund has instead. */
function refundColumns(own: { amount: string; ts: string }): string {
  const changed: Record<string, string> = { ...own, key: 'CAST($3 AS UUID)', refund: 'true', refund_id: '$2' };
  return CONVERSION_COLUMNS.split(', ')
    .map((name) => (changed[name] ? `${changed[name]} AS ${name}` : name))
    .join(', ');
}

/** Copies to a generation the refunds of orders it counted, from the newest older generation that has them. */
export async function carryRefunds(run: Run, goal: number, generation: number): Promise<number> {
  const columns = CONVERSION_COLUMNS.split(', ')
    .map((name) => (name === 'generation' ? `${generation} AS generation` : `r.${name}`))
    .join(', ');
  const [row] = await run<{ Count: number }>(
    `INSERT INTO conversions SELECT ${columns} FROM conversions r
     WHERE r.goal = ${goal} AND r.refund AND r.generation < ${generation}
       AND r.order_id IN (SELECT order_id FROM conversions
         WHERE goal = ${goal} AND generation = ${generation} AND NOT refund AND order_id IS NOT NULL)
       AND (r.order_id, r.refund_id) NOT IN (SELECT (order_id, refund_id) FROM conversions
         WHERE goal = ${goal} AND generation = ${generation} AND refund)
     QUALIFY row_number() OVER (PARTITION BY r.site, r.order_id, r.refund_id ORDER BY r.generation DESC) = 1`,
  );
  return row?.Count ?? 0;
}
