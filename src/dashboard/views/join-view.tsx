/** The first page anybody sees: a one-time link becomes an account. */
import { useState } from 'preact/hooks';
import type { Account } from '../answers.ts';
import { type ApiProblem, request } from '../api-client.ts';
import { useSending } from '../loaded.ts';
import { AloneForm } from '../parts/alone-form.tsx';
import { errorOf, TextField } from '../parts/field.tsx';
import { Notice } from '../parts/notice.tsx';

const WORDS = {
  setup: { tabTitle: 'Set up', title: 'Your account', button: 'Create account' },
  join: { tabTitle: 'Join', title: 'Join Goalpost', button: 'Join' },
};

/** `setup` makes the first owner, `join` a member who was invited. */
export function JoinView(props: { kind: 'setup' | 'join'; token: string; onJoined: (account: Account) => void }) {
  const { kind, token, onJoined } = props;
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, send } = useSending();
  const first = kind === 'setup';
  const submit = () => {
    const body = { token, name, password, ...(first ? { email } : {}) };
    send(async () => onJoined(await request<Account>('/api/account/join', { method: 'POST', body })));
  };
  const known = ['email', 'name', 'password'].includes(problem?.field ?? '');
  return (
    <AloneForm {...WORDS[kind]} busy={busy} onSubmit={submit}>
      <p class="lead">
        {first
          ? 'This link makes the first owner and then stops working. Everything stays on your own server.'
          : 'You were invited to look at goals together. Choose a password to begin.'}
      </p>
      {problem && !known && <Refusal problem={problem} kind={kind} />}
      {first && (
        <TextField
          label="E-mail address"
          type="email"
          autoComplete="username"
          required
          value={email}
          onInput={setEmail}
          error={errorOf(problem, 'email')}
        />
      )}
      <TextField
        label="Your name"
        autoComplete="name"
        value={name}
        onInput={setName}
        error={errorOf(problem, 'name')}
        hint="Shown in the audit log. Optional."
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        required
        value={password}
        onInput={setPassword}
        error={errorOf(problem, 'password')}
        hint="Ten characters or more; a sentence is good."
      />
    </AloneForm>
  );
}

function Refusal({ problem, kind }: { problem: ApiProblem; kind: 'setup' | 'join' }) {
  return (
    <Notice kind="bad">
      {problem.message}
      {problem.code === 'unauthorized' && (
        <>
          {' '}
          <a href="/login">Log in instead</a>
          {kind === 'setup' && ', or restart the server to get a new link'}.
        </>
      )}
    </Notice>
  );
}
