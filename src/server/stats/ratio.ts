/** Division the way statistics print it: exact, and rounded only once, half to even. */

/** `numerator / denominator` rounded half to even; the denominator is positive. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n;
  const size = negative ? -numerator : numerator;
  let quotient = size / denominator;
  const twice = (size % denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) quotient += 1n;
  return negative ? -quotient : quotient;
}

/** A quotient of whole numbers to so many decimals. */
function decimal(numerator: bigint, denominator: bigint, decimals: number): number {
  const scaled = divideHalfEven(numerator * 10n ** BigInt(decimals), denominator);
  return Number(scaled) / 10 ** decimals;
}

/** `part / whole` to 4 decimals; 0 when there is no whole. */
export function rate(part: number, whole: number): number {
  return whole === 0 ? 0 : decimal(BigInt(part), BigInt(whole), 4);
}

/** A rate as the two numbers it is made of. */
export interface Fraction {
  part: number;
  whole: number;
}

/** Change from `before` to `now` in percent to 2 decimals, from the unrounded rates; null when there is nothing to compare with. */
export function trend(now: Fraction, before: Fraction): number | null {
  if (before.whole === 0 || before.part === 0) return null;
  const current = now.whole === 0 ? { part: 0n, whole: 1n } : { part: BigInt(now.part), whole: BigInt(now.whole) };
  const base = current.whole * BigInt(before.part);
  return decimal((current.part * BigInt(before.whole) - base) * 100n, base, 2);
}
