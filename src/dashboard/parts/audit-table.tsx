/** Who changed what, newest first. */
import type { Member } from '../answers.ts';
import { moment } from '../format.ts';
import { useLoaded } from '../loaded.ts';
import { ProblemNotice } from './notice.tsx';

/** One entry. */
interface Entry {
  number: number;
  /** ms since 1970 UTC. */
  at: number;
  actor: string;
  action: string;
  subject: string;
}

/** The last entries of a site; members by their address, keys and those who have left by their id. Owners only. */
export function AuditTable({ site }: { site: string }) {
  const { data, problem } = useLoaded<{ audit: Entry[] }>(`/api/audit?limit=25&site=${encodeURIComponent(site)}`);
  const { data: known } = useLoaded<{ members: Member[] }>('/api/members');
  const emails = new Map(known?.members.map(({ id, email }) => [`user:${id}`, email]));
  return (
    <section class="section">
      <h2>Audit log</h2>
      <ProblemNotice problem={problem} />
      <div class="table-scroll">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">Of</th>
              <th scope="col">Who</th>
            </tr>
          </thead>
          <tbody>
            {data?.audit.map(({ number, at, actor, action, subject }) => (
              <tr key={number}>
                <td class="time">{moment(at)}</td>
                <td>{action}</td>
                <td class="break">{subject}</td>
                <td class="break">{emails.get(actor) ?? actor}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
