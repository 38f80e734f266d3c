/** Who changed what, newest first. */
import { moment } from '../format.ts';
import { useLoaded } from '../loaded.ts';
import { ProblemNotice } from './notice.tsx';
import { Table } from './table.tsx';

/** One entry. */
interface Entry {
  number: number;
  /** ms since 1970 UTC. */
  at: number;
  actor_name: string;
  /** e.g. `goal.update`. */
  action: string;
  subject_name: string;
}

const DEEDS: Readonly<Record<string, string>> = {
  create: 'made',
  update: 'changed',
  remove: 'removed',
  revoke: 'revoked',
  restore: 'brought back',
  backfill: 'counted for the past',
  invite: 'invited',
  join: 'joined',
  role: 'given another role',
  password: 'given a new password',
};

/** `share_link.create` is "Share link made"; what is not known stays as it is. */
function wordsOf(action: string): string {
  const [thing = '', deed = ''] = action.replace('_', ' ').split('.');
  return `${thing.slice(0, 1).toUpperCase()}${thing.slice(1)} ${DEEDS[deed] ?? deed}`;
}

/** The last entries of a site; those who have left by their id. Owners only. */
export function AuditTable({ site }: { site: string }) {
  const { data, problem } = useLoaded<{ audit: Entry[] }>(`/api/audit?limit=25&site=${encodeURIComponent(site)}`);
  return (
    <section class="section">
      <h2>Audit log</h2>
      <ProblemNotice problem={problem} />
      <Table look="stack" columns={['What', 'Of', 'Who', 'When']}>
        {data?.audit.map(({ number, at, actor_name, action, subject_name }) => (
          <tr key={number}>
            <th scope="row">{wordsOf(action)}</th>
            <td class="break" data-label="Of">
              {subject_name}
            </td>
            <td class="break" data-label="Who">
              {actor_name}
            </td>
            <td class="time" data-label="When">
              {moment(at)}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
