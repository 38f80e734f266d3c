/** Events as they come: taken or dropped, and why. */
import { GOALS_PER_SITE } from '../../core/limits.ts';
import type { Goal } from '../answers.ts';
import { sitePath } from '../api-client.ts';
import { DROP_WORDS } from '../drop-words.ts';
import { count, readable } from '../format.ts';
import { eventWords, type LiveEntry, useLive } from '../live.ts';
import { useLoaded } from '../loaded.ts';
import { Frame } from '../parts/frame.tsx';
import { Empty } from '../parts/notice.tsx';
import { numeric, Table } from '../parts/table.tsx';
import { siteAddress } from '../router.ts';
import type { SiteViewOptions } from '../site-view.ts';

const STATES = { opening: 'Connecting…', open: 'Listening', broken: 'Interrupted; connecting again…' };

/** The stream, newest first. */
export function LiveView({ site }: SiteViewOptions) {
  const { entries, state } = useLive(site.id);
  const goals = useLoaded<{ goals: Goal[] }>(`${sitePath(site.id, 'goals')}?limit=${GOALS_PER_SITE}`);
  const names = new Map(goals.data?.goals.map((goal) => [goal.id, goal.name]));
  return (
    <Frame
      title="Live"
      site={site}
      tab="live"
      lead={
        <>
          <span class={`pulse pulse-${state}`} aria-hidden="true" /> <span role="status">{STATES[state]}</span>
        </>
      }
    >
      {entries.length > 0 ? (
        <Table look="stack live" caption="Events, newest first" columns={['Time', 'Event', 'What became of it']}>
          {entries.map((entry) => (
            <LiveRow key={`${entry.i} ${entry.kind} ${entry.at}`} entry={entry} names={names} />
          ))}
        </Table>
      ) : (
        state === 'open' && <Nothing site={site} />
      )}
      <Drops site={site.id} />
    </Frame>
  );
}

function Nothing({ site }: Pick<SiteViewOptions, 'site'>) {
  return (
    <Empty title="Nothing has come in lately">
      <p>
        Open a page of {site.domains[0]} in another tab. If it stays empty,{' '}
        <a href={siteAddress(site.domains[0] ?? site.id, 'install')}>look at the set-up</a>.
      </p>
    </Empty>
  );
}

function LiveRow({ entry, names }: { entry: LiveEntry; names: ReadonlyMap<string, string> }) {
  const time = new Date(entry.at).toLocaleTimeString('en-GB');
  if (entry.kind === 'dropped') {
    return (
      <tr class="dropped">
        <td class="time">{time}</td>
        <th scope="row">
          <span class="tag tag-bad">dropped</span> <span class="quiet">{entry.reason}</span>
          {entry.name && (
            <span class="row-detail break">
              {eventWords(entry.name)} {entry.url && `on ${readable(entry.url)}`}
            </span>
          )}
        </th>
        <td>{DROP_WORDS[entry.reason ?? ''] ?? entry.reason}</td>
      </tr>
    );
  }
  return (
    <tr>
      <td class="time">{time}</td>
      <th scope="row">
        {eventWords(entry.name)}
        <span class="row-detail break">{entry.url ? readable(entry.url) : `from a ${entry.source ?? 'browser'}`}</span>
      </th>
      <td>
        {entry.goals?.length
          ? entry.goals.map((goal) => (
              <span class="tag tag-good" key={goal}>
                {names.get(goal) ?? 'A goal'}
              </span>
            ))
          : 'Kept; it met no goal.'}
      </td>
    </tr>
  );
}

function Drops({ site }: { site: string }) {
  const { data } = useLoaded<{ totals: { day: string; reason: string; count: number }[] }>(sitePath(site, 'drops'));
  if (data === undefined || data.totals.length === 0) return null;
  return (
    <section class="section">
      <h2>Dropped lately</h2>
      <Table look="slim" columns={['Day (UTC)', 'Reason', numeric('Events')]}>
        {data.totals.slice(0, 50).map(({ day, reason, count: events }) => (
          <tr key={`${day} ${reason}`}>
            <td>{day}</td>
            <td>{DROP_WORDS[reason] ?? reason}</td>
            <td class="number">{count(events)}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
