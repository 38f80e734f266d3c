/** Takes money of an order back, for every API that can: what is acknowledged is waited for, keys are made one way. */
import { createHash } from 'node:crypto';
import { conversionKey, refundScope } from '../../core/conversion-key.ts';
import type { Goal } from '../../core/goal.ts';
import type { Site } from '../../core/site.ts';
import type { RefundRow } from '../store/event-store.ts';
import type { Backend } from './backend.ts';

/** An order, what goes back of it, and for which goals. */
export interface Refund {
  site: Site;
  order_id: string;
  /** Names this refund: the same name again changes nothing. */
  refund_id: string;
  /** Positive micro-units; absent: all that is left. */
  amount?: bigint | undefined;
  goals: readonly Goal[];
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** One negative row a goal that counted the order. Throws `unknown_order`, `refund_exceeds`. */
export async function refundOrder({ collector, store, clock }: Backend, refund: Refund): Promise<RefundRow[]> {
  const { order_id, refund_id, amount, goals } = refund;
  const site = refund.site.number;
  await collector.fresh();
  return store.refund({
    site,
    order_id,
    refund_id,
    ...(amount === undefined ? {} : { amount }),
    goals: goals.map(({ number, generation }) => ({ goal: number, generation })),
    now_ms: clock(),
    keyOf: (goal, generation) =>
      conversionKey({ site, goal, generation, scope: refundScope(order_id, refund_id) }, md5),
  });
}
