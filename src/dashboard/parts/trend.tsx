/** A change in percent, up or down. */
import { change } from '../format.ts';

/** The change of the rate against the period before. */
export function Trend({ value }: { value: number | null }) {
  if (value === null) return <span class="quiet">–</span>;
  const direction = value > 0 ? 'up' : value < 0 ? 'down' : 'level';
  return <span class={`trend trend-${direction}`}>{value === 0 ? '0%' : change(value)}</span>;
}
