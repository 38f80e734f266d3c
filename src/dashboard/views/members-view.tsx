/** Who may log in, as what; inviting and removing. */
import { useState } from 'preact/hooks';
import { useMember } from '../account.ts';
import type { Member, Role } from '../answers.ts';
import { request } from '../api-client.ts';
import { moment } from '../format.ts';
import { useLoaded, useSending } from '../loaded.ts';
import { errorOf, SelectField, TextField } from '../parts/field.tsx';
import { Frame } from '../parts/frame.tsx';
import { ProblemNotice } from '../parts/notice.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { EndingCell, Table, unseen } from '../parts/table.tsx';

const ROLES: readonly (readonly [Role, string])[] = [
  ['viewer', 'viewer: looks'],
  ['editor', 'editor: changes goals'],
  ['owner', 'owner: changes everything'],
];

/** The list of members; owners only. */
export function MembersView() {
  const { data, problem, reload } = useLoaded<{ members: Member[] }>('/api/members');
  const self = useMember();
  const changing = useSending();
  const setRole = (id: string, role: Role) =>
    changing.send(async () => {
      await request(`/api/members/${encodeURIComponent(id)}`, { method: 'PATCH', body: { role } });
      reload();
    });
  const remove = ({ id, email }: Member) => {
    if (!confirm(`Remove ${email}?`)) return;
    changing.send(async () => {
      await request(`/api/members/${encodeURIComponent(id)}`, { method: 'DELETE' });
      reload();
    });
  };
  return (
    <Frame title="Members" crumb={<a href="/">Sites</a>}>
      <ProblemNotice problem={problem ?? changing.problem} />
      <Table look="stack" columns={['Member', 'Since', 'Role', unseen('Remove')]}>
        {data?.members.map((member) => (
          <tr key={member.id}>
            <th scope="row">
              {member.name || member.email}
              <span class="row-detail">{member.email}</span>
            </th>
            <td data-label="Since">{moment(member.created_at)}</td>
            <td data-label="Role">
              <select
                aria-label={`Role of ${member.email}`}
                value={member.role}
                onChange={(domEvent) => setRole(member.id, domEvent.currentTarget.value as Role)}
              >
                {ROLES.map(([role]) => (
                  <option key={role} value={role}>
                    {role}
                  </option>
                ))}
              </select>
            </td>
            {member.id === self.id ? (
              <td />
            ) : (
              <EndingCell word="Remove" of={member.email} onEnd={() => remove(member)} />
            )}
          </tr>
        ))}
      </Table>
      <Invitation />
    </Frame>
  );
}

function Invitation() {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [link, setLink] = useState<string>();
  const { busy, problem, send } = useSending();
  const invite = (domEvent: Event) => {
    domEvent.preventDefault();
    send(async () => {
      const made = await request<{ url: string }>('/api/members/invitations', {
        method: 'POST',
        body: { email, role },
      });
      setLink(made.url);
      setEmail('');
    });
  };
  return (
    <section class="section">
      <h2>Invite somebody</h2>
      <ShownOnce text={link} words="Send this link; it works once, within a week:" what="the link" />
      {problem?.field !== 'email' && <ProblemNotice problem={problem} />}
      <form class="form" onSubmit={invite}>
        <div class="pair">
          <TextField
            label="E-mail address"
            type="email"
            required
            value={email}
            onInput={setEmail}
            error={errorOf(problem, 'email')}
          />
          <SelectField label="Role" value={role} options={ROLES} onChange={setRole} />
        </div>
        <div>
          <button type="submit" aria-disabled={busy}>
            Make a link
          </button>
        </div>
      </form>
    </section>
  );
}
