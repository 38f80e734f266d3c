/** Keys of a site for programs: made, shown once, revoked. */
import { useState } from 'preact/hooks';
import { request } from '../api-client.ts';
import { ago, moment } from '../format.ts';
import { useLoaded, useSending } from '../loaded.ts';
import { CheckField } from './field.tsx';
import { ProblemNotice } from './notice.tsx';
import { ShownOnce } from './shown-once.tsx';
import { EndingCell, Table, unseen } from './table.tsx';

const SCOPES = [
  ['stats:read', 'read statistics'],
  ['goals:read', 'read goals'],
  ['goals:write', 'change goals'],
  ['events:write', 'send events'],
] as const;

/** A key without its secret. */
interface Key {
  id: string;
  scopes: string[];
  created_at: number;
  last_used_at: number | null;
}

/** The list and the form of a new one. */
export function Keys({ site }: { site: string }) {
  const { data, problem, reload } = useLoaded<{ keys: Key[] }>(`/api/keys?site=${encodeURIComponent(site)}`);
  const [scopes, setScopes] = useState<readonly string[]>(['stats:read']);
  const [secret, setSecret] = useState<string>();
  const making = useSending();
  const make = (domEvent: Event) => {
    domEvent.preventDefault();
    making.send(async () => {
      const made = await request<{ key: string }>('/api/keys', { method: 'POST', body: { site, scopes } });
      setSecret(made.key);
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
      <ProblemNotice problem={problem ?? making.problem} />
      <ShownOnce text={secret} words="The new key, shown this once:" what="the key" />
      {data && data.keys.length > 0 && <KeyTable keys={data.keys} onRevoke={revoke} />}
      <form onSubmit={make}>
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
        <button type="submit" disabled={making.busy || scopes.length === 0}>
          Make a key
        </button>
      </form>
    </section>
  );
}

function KeyTable({ keys, onRevoke }: { keys: readonly Key[]; onRevoke: (id: string) => void }) {
  return (
    <Table columns={['Key', 'May', 'Made', 'Used', unseen('Revoke')]}>
      {keys.map((key) => (
        <tr key={key.id}>
          <th scope="row" class="break">
            <code class="inline">{key.id}</code>
          </th>
          <td>{key.scopes.join(', ')}</td>
          <td>{moment(key.created_at)}</td>
          <td>{key.last_used_at === null ? 'never' : ago(key.last_used_at, Date.now())}</td>
          <EndingCell word="Revoke" of={key.id} onEnd={() => onRevoke(key.id)} />
        </tr>
      ))}
    </Table>
  );
}
