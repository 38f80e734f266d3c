/** The filters that hold, each with a way to take it away. */
import { addressWith, type Filter } from '../question.ts';
import { go } from '../router.ts';
import { dimensionName, valueName } from './breakdown.tsx';

/** Nothing without filters. */
export function FilterList({ address, filters }: { address: string; filters: readonly Filter[] }) {
  if (filters.length === 0) return null;
  return (
    <ul class="filters" aria-label="Filters">
      {filters.map((filter) => (
        <li key={`${filter.by} ${filter.value}`}>
          <span>
            {dimensionName(filter.by)}: <strong>{valueName(filter.by, filter.value)}</strong>
          </span>
          <button
            type="button"
            aria-label={`Remove the filter ${dimensionName(filter.by)} ${valueName(filter.by, filter.value)}`}
            onClick={() => go(addressWith(address, { filters: filters.filter((other) => other !== filter) }))}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
