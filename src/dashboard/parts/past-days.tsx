/** What the goal being written would have counted in the last days, and what met it. */
import type { PastPreview } from '../answers.ts';
import { count, dayName, readable } from '../format.ts';

const HEIGHT = 48;

/** Nothing before the first answer; `isCurrent` false: the draft has changed since. */
export function PastDays(props: { preview: PastPreview | undefined; isCurrent: boolean; domain: string }) {
  const { preview, isCurrent, domain } = props;
  return (
    <section class={isCurrent ? 'past' : 'past past-waiting'} aria-label="The last 7 days" aria-live="polite">
      <h2>The last 7 days</h2>
      {preview === undefined ? (
        <p class="quiet">Once the form says enough, this shows what the goal would have counted.</p>
      ) : preview.known ? (
        <Known preview={preview} domain={domain} />
      ) : (
        <p class="quiet">
          What visitors click, fill in or look at is not recorded unless a goal asks for it, so this one counts from the
          moment it is saved.
        </p>
      )}
    </section>
  );
}

function Known({ preview, domain }: { preview: PastPreview; domain: string }) {
  const { days, conversions, examples, complete } = preview;
  return (
    <>
      <p>
        <span class="figure">{count(conversions)}</span>{' '}
        <span class="quiet">
          {complete ? '' : 'or more '}
          {conversions === 1 ? 'conversion' : 'conversions'} by this definition
        </span>
      </p>
      <Bars days={days} />
      {examples.length > 0 && (
        <ul class="past-examples">
          {examples.map(({ text, events }) => (
            <li key={text}>
              <span class="break">{readable(text.startsWith(`${domain}/`) ? text.slice(domain.length) : text)}</span>{' '}
              <span class="quiet">{count(events)}</span>
            </li>
          ))}
        </ul>
      )}
      {conversions === 0 && <p class="quiet">Nothing that was recorded meets it. Is the rule what you meant?</p>}
    </>
  );
}

function Bars({ days }: { days: PastPreview['days'] }) {
  const most = Math.max(1, ...days.map((day) => day.conversions));
  const told = days.map(({ start, conversions }) => `${dayName(start)}: ${count(conversions)}`).join(', ');
  return (
    <svg
      class="past-bars"
      viewBox={`0 0 ${days.length * 10} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={told}
    >
      {days.map(({ start, conversions }, index) => {
        const height = Math.max(1.5, (conversions / most) * HEIGHT);
        return <rect key={start} x={index * 10 + 1} width="8" y={HEIGHT - height} height={height} />;
      })}
    </svg>
  );
}
