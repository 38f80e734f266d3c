/** A goal's numbers of a period, large, each with what it was before. */
import type { GoalStats } from '../answers.ts';
import { change, count, many, money, percent } from '../format.ts';
import { Trend } from './trend.tsx';

/** Keeps its height while it waits. */
export function Figures({ stats }: { stats: GoalStats | undefined }) {
  if (stats === undefined) return <div class="figures figures-waiting" />;
  const { conversions, prev_conversions, converting_visitors, converting_sessions, total_sessions } = stats;
  const { conversion_rate, prev_conversion_rate, trend_pct } = stats;
  return (
    <dl class="figures">
      <Figure
        name="Visitors"
        value={count(converting_visitors)}
        note={conversions > 0 && converting_visitors === 0 ? 'the server that reports them names none' : ''}
      />
      <Figure name="Total" value={count(conversions)} note={changeNote(conversions, prev_conversions)} />
      <Figure
        name="Rate"
        value={percent(conversion_rate)}
        note={
          `${count(converting_sessions)} of ${many(total_sessions, 'visit')}` +
          (prev_conversion_rate === null ? '' : `, ${percent(prev_conversion_rate)} before`)
        }
      >
        {trend_pct !== null && <Trend value={trend_pct} />}
      </Figure>
      {stats.revenue.map(({ currency, net, average, refunded }) => (
        <Figure
          key={currency}
          name={`Revenue ${currency}`}
          value={money(net, currency)}
          note={`${money(average, currency)} each${Number(refunded) > 0 ? `, ${money(refunded, currency)} refunded` : ''}`}
        />
      ))}
    </dl>
  );
}

function changeNote(now: number, before: number | null): string {
  if (before === null) return '';
  return before === 0 ? 'none before' : `${change(((now - before) / before) * 100)} against ${count(before)}`;
}

function Figure(props: { name: string; value: string; note?: string; children?: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        <span class="figure">{props.value}</span> {props.children}
        {props.note && <small>{props.note}</small>}
      </dd>
    </div>
  );
}
