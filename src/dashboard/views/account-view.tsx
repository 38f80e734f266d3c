/** A member's own account: who they are, and a new password. */
import { useState } from 'preact/hooks';
import { useMember } from '../account.ts';
import type { Account } from '../answers.ts';
import { request } from '../api-client.ts';
import { useSending } from '../loaded.ts';
import { errorOf, TextField } from '../parts/field.tsx';
import { Frame } from '../parts/frame.tsx';
import { ProblemNotice } from '../parts/notice.tsx';

/** The form; every other login of the member ends with the old password. */
export function AccountView({ onAccount }: { onAccount: (account: Account) => void }) {
  const { name, email, role } = useMember();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [changed, setChanged] = useState<'no' | 'yes'>('no');
  const { busy, problem, send } = useSending();
  const submit = (domEvent: Event) => {
    domEvent.preventDefault();
    setChanged('no');
    send(async () => {
      onAccount(await request<Account>('/api/account/password', { method: 'POST', body: { current, password } }));
      setCurrent('');
      setPassword('');
      setChanged('yes');
    });
  };
  const placed = problem?.field === 'current' || problem?.field === 'password';
  return (
    <Frame title="Your account" crumb={<a href="/">Sites</a>} lead={`${name ? `${name}, ` : ''}${email}, ${role}`}>
      <form class="form" onSubmit={submit}>
        <h2>Change your password</h2>
        {!placed && <ProblemNotice problem={problem} />}
        <input type="email" autocomplete="username" value={email} hidden readonly />
        <TextField
          label="Present password"
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onInput={setCurrent}
          error={errorOf(problem, 'current')}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          required
          value={password}
          onInput={setPassword}
          error={errorOf(problem, 'password')}
          hint="A sentence is easy to remember and hard to guess. Other devices have to log in again."
        />
        <div class="form-end">
          <button class="primary" type="submit" aria-disabled={busy}>
            Change password
          </button>
          <span role="status" class="quiet">
            {changed === 'yes' ? 'Changed.' : ''}
          </span>
        </div>
      </form>
    </Frame>
  );
}
