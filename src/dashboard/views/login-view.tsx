/** The view in which members log in. */
import { useEffect, useState } from 'preact/hooks';
import type { Account } from '../answers.ts';
import { request } from '../api-client.ts';
import { useSending } from '../loaded.ts';
import { TextField } from '../parts/field.tsx';
import { Mark } from '../parts/mark.tsx';
import { Notice, ProblemNotice } from '../parts/notice.tsx';

/** Asks for address and password; before the first owner exists it says where the set-up link is. */
export function LoginView({ needsSetup, onLogin }: { needsSetup: boolean; onLogin: (account: Account) => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, send } = useSending();
  useEffect(() => {
    document.title = 'Log in · Goalpost';
  }, []);
  const submit = (domEvent: Event) => {
    domEvent.preventDefault();
    const body = { email, password };
    send(async () => onLogin(await request<Account>('/api/account/login', { method: 'POST', body })));
  };
  return (
    <main class="alone">
      <form class="card" onSubmit={submit}>
        <p class="brand">
          <Mark />
          <span>Goalpost</span>
        </p>
        <h1>Log in</h1>
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
        <button class="primary" type="submit" aria-disabled={busy}>
          Log in
        </button>
      </form>
    </main>
  );
}
