/** Money of conversions, per currency; currencies are never added together. */
import { currencyDigits } from '../../core/currency.ts';
import { formatMicros } from '../../core/money.ts';
import { divideHalfEven } from './ratio.ts';

/** Amounts as decimal strings. */
export interface Revenue {
  currency: string;
  /** Paid. */
  total: string;
  /** Given back, positive. */
  refunded: string;
  /** total − refunded */
  net: string;
  /** total ÷ conversions that carried money, rounded half to even to the currency's minor digits. */
  average: string;
}

/** Sums of one currency, micro-units as decimal strings. */
export interface MoneyRow {
  currency: string;
  /** Conversions that carried money in it. */
  paid: number;
  total: string | null;
  /** Negative. */
  refunded: string | null;
}

/** SQL of a MoneyRow's columns over conversion rows. */
export const MONEY_COLUMNS =
  'currency, count(*) FILTER (WHERE NOT refund) AS paid, CAST(sum(amount) FILTER (WHERE NOT refund) AS VARCHAR) AS total, ' +
  'CAST(sum(amount) FILTER (WHERE refund) AS VARCHAR) AS refunded';
/** SQL condition of a row that carries money. */
export const HAS_MONEY = 'amount IS NOT NULL AND currency IS NOT NULL';

/** The mean in the currency's minor digits. */
function average(total: bigint, paid: number, currency: string): bigint {
  if (paid === 0) return 0n;
  const unit = 10n ** BigInt(6 - currencyDigits(currency));
  return divideHalfEven(total, BigInt(paid) * unit) * unit;
}

/** Rows as they are shown, by currency. */
export function revenueOf(rows: readonly MoneyRow[]): Revenue[] {
  return rows
    .map(({ currency, paid, total, refunded }) => {
      const sum = BigInt(total ?? 0);
      const back = -BigInt(refunded ?? 0);
      return {
        currency,
        total: formatMicros(sum, currency),
        refunded: formatMicros(back, currency),
        net: formatMicros(sum - back, currency),
        average: formatMicros(average(sum, paid, currency), currency),
      };
    })
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
