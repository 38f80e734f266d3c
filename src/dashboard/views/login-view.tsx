/** The view in which members log in. */
import { useState } from 'preact/hooks';
import type { Account } from '../answers.ts';
import { request } from '../api-client.ts';
import { useSending } from '../loaded.ts';
import { AloneForm } from '../parts/alone-form.tsx';
import { TextField } from '../parts/field.tsx';
import { Notice, ProblemNotice } from '../parts/notice.tsx';

/** Asks for address and password; before the first owner exists it says where the set-up link is. */
export function LoginView({ needsSetup, onLogin }: { needsSetup: boolean; onLogin: (account: Account) => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, send } = useSending();
  const submit = () => {
    const body = { email, password };
    send(async () => onLogin(await request<Account>('/api/account/login', { method: 'POST', body })));
  };
  return (
    <AloneForm tabTitle="Log in" title="Log in" button="Log in" busy={busy} onSubmit={submit}>
      {needsSetup && (
        <Notice kind="plain">
          Nobody has an account here yet. The server printed a one-time set-up link when it started; open that link.
        </Notice>
      )}
      <ProblemNotice problem={problem} />
      <TextField
        label="E-mail address"
        type="email"
        autoComplete="username"
        required
        value={email}
        onInput={setEmail}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onInput={setPassword}
      />
    </AloneForm>
  );
}
