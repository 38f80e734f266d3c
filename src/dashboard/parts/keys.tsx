/** Keys of a site for programs: made, shown once, revoked. */
import { useState } from 'preact/hooks';
import { request } from '../api-client.ts';
import { ago, moment } from '../format.ts';
import { useLoaded, useSending } from '../loaded.ts';
import { CheckField, errorOf, TextField } from './field.tsx';
import { ProblemNotice } from './notice.tsx';
import { ShownOnce } from './shown-once.tsx';
import { EndingCell, Table, unseen } from './table.tsx';

const SCOPES = [
  ['stats:read', 'read statistics'],
  ['goals:read', 'read goals'],
  ['goals:write', 'change goals'],
  ['events:write', 'send events'],
] as const;

const SCOPE_NAMES = new Map<string, string>(SCOPES);

/** A key without its secret. */
interface Key {
  id: string;
  /** What it is for; may be empty. */
  name: string;
  scopes: string[];
  created_at: number;
  last_used_at: number | null;
  /** ms since 1970 UTC; null: it works. */
  revoked_at: number | null;
}

/** The list and the form of a new one. */
export function Keys({ site }: { site: string }) {
  const { data, problem, reload } = useLoaded<{ keys: Key[] }>(`/api/keys?site=${encodeURIComponent(site)}`);
  const [scopes, setScopes] = useState<readonly string[]>(['stats:read']);
  const [name, setName] = useState('');
  const [secret, setSecret] = useState<string>();
  const making = useSending();
  const make = (domEvent: Event) => {
    domEvent.preventDefault();
    making.send(async () => {
      const made = await request<{ key: string }>('/api/keys', { method: 'POST', body: { site, name, scopes } });
      setSecret(made.key);
      setName('');
      reload();
    });
  };
  const revoke = (id: string) => {
    if (!confirm('Revoke this key? Programs that use it are refused at once.')) return;
    making.send(async () => {
      await request(`/api/keys/${encodeURIComponent(id)}`, { method: 'DELETE' });
      reload();
    });
  };
  return (
    <section class="section">
      <h2>Keys for programs</h2>
      <ProblemNotice problem={problem ?? (making.problem?.field === 'name' ? undefined : making.problem)} />
      <ShownOnce text={secret} words="The new key, shown this once:" what="the key" />
      {data && data.keys.length > 0 && <KeyTable keys={data.keys} onRevoke={revoke} />}
      <form class="form" onSubmit={make}>
        <TextField
          label="What for"
          value={name}
          placeholder="The shop’s backend"
          onInput={setName}
          error={errorOf(making.problem, 'name')}
        />
        <fieldset class="group checks">
          <legend>A new key may</legend>
          {SCOPES.map(([scope, name]) => (
            <CheckField
              key={scope}
              label={name}
              checked={scopes.includes(scope)}
              onChange={({ checked }) =>
                setScopes(checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
              }
            />
          ))}
        </fieldset>
        <div>
          <button type="submit" disabled={making.busy || scopes.length === 0}>
            Make a key
          </button>
        </div>
      </form>
    </section>
  );
}

function KeyTable({ keys, onRevoke }: { keys: readonly Key[]; onRevoke: (id: string) => void }) {
  return (
    <Table look="stack" columns={['Key', 'May', 'Made', 'Used', unseen('Revoke')]}>
      {keys.map((key) => (
        <tr key={key.id}>
          <th scope="row" class="break">
            {key.name}
            <code class={key.name ? 'row-detail' : 'inline'}>{key.id}</code>
          </th>
          <td data-label="May">{key.scopes.map((scope) => SCOPE_NAMES.get(scope) ?? scope).join(', ')}</td>
          <td data-label="Made">{moment(key.created_at)}</td>
          <td data-label="Used">{key.last_used_at === null ? 'never' : ago(key.last_used_at, Date.now())}</td>
          {key.revoked_at === null ? (
            <EndingCell word="Revoke" of={key.name || key.id} onEnd={() => onRevoke(key.id)} />
          ) : (
            <td class="quiet">revoked {moment(key.revoked_at)}</td>
          )}
        </tr>
      ))}
    </Table>
  );
}
