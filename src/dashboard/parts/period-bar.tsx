/** Choosing the period: presets with single keys, own dates, and what to compare with. */
import { useEffect } from 'preact/hooks';
import { dayName, many } from '../format.ts';
import { COMPARISONS, type Comparison, PRESETS, type PresetId } from '../period.ts';
import { addressWith, type Question } from '../question.ts';
import { go } from '../router.ts';

const OWN = 'own';

/** The bar; `withComparison` offers what to compare with. */
export function PeriodBar(props: { address: string; question: Question; withComparison?: boolean; note?: string }) {
  const { address, question, withComparison = false, note } = props;
  const { preset, days, comparison } = question;
  usePresetKeys(address);
  const choose = (value: string) => {
    if (value === OWN) go(addressWith(address, { days }));
    else go(addressWith(address, { preset: value as PresetId }));
  };
  const setDay = (name: 'start' | 'end', day: string) => {
    if (day === '') return;
    const changed = { ...days, [name]: day };
    if (changed.start > changed.end) changed[name === 'start' ? 'end' : 'start'] = day;
    go(addressWith(address, { days: changed }), { replace: true });
  };
  return (
    <fieldset class="period">
      <legend class="hidden">Period</legend>
      <select aria-label="Period" value={preset ?? OWN} onChange={(domEvent) => choose(domEvent.currentTarget.value)}>
        {PRESETS.map(({ id, name, key }) => (
          <option key={id} value={id}>
            {`${name}  (${key.toUpperCase()})`}
          </option>
        ))}
        <option value={OWN}>Own dates…</option>
      </select>
      {preset === null ? (
        <span class="period-days">
          <input
            type="date"
            aria-label="First day"
            value={days.start}
            onChange={(domEvent) => setDay('start', domEvent.currentTarget.value)}
          />
          <span aria-hidden="true">–</span>
          <input
            type="date"
            aria-label="Last day"
            value={days.end}
            onChange={(domEvent) => setDay('end', domEvent.currentTarget.value)}
          />
        </span>
      ) : (
        <span class="period-span">
          {days.start === days.end
            ? dayName(days.start, { year: true })
            : `${dayName(days.start)} – ${dayName(days.end, { year: true })}`}
        </span>
      )}
      {withComparison && (
        <select
          aria-label="Compare with"
          value={comparison}
          onChange={(domEvent) => go(addressWith(address, { comparison: domEvent.currentTarget.value as Comparison }))}
        >
          {COMPARISONS.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
      {note && <span class="period-note">{note}</span>}
    </fieldset>
  );
}

/** Visitors and sessions of a period in words. */
export function trafficNote({
  total_visitors,
  total_sessions,
}: {
  total_visitors: number;
  total_sessions: number;
}): string {
  return `${many(total_visitors, 'visitor')} in ${many(total_sessions, 'visit')}`;
}

/** Single keys choose presets, except while somebody writes. */
function usePresetKeys(address: string): void {
  useEffect(() => {
    const press = (domEvent: KeyboardEvent) => {
      if (domEvent.ctrlKey || domEvent.metaKey || domEvent.altKey) return;
      const { target } = domEvent;
      if (target instanceof Element && target.closest('input, textarea, select, [contenteditable]')) return;
      const preset = PRESETS.find(({ key }) => key === domEvent.key.toLowerCase());
      if (preset) go(addressWith(address, { preset: preset.id }));
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [address]);
}
