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
  action: string;
  subject: string;
}

/** The last entries of a site; those who have left by their id. Owners only. */
export function AuditTable({ site }: { site: string }) {
  const { data, problem } = useLoaded<{ audit: Entry[] }>(`/api/audit?limit=25&site=${encodeURIComponent(site)}`);
  return (
    <section class="section">
      <h2>Audit log</h2>
      <ProblemNotice problem={problem} />
      <Table columns={['When', 'What', 'Of', 'Who']}>
        {data?.audit.map(({ number, at, actor_name, action, subject }) => (
          <tr key={number}>
            <td class="time">{moment(at)}</td>
            <td>{action}</td>
            <td class="break">{subject}</td>
            <td class="break">{actor_name}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
