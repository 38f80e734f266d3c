/** Share links of a site: made, shown once, revoked. */
import { useState } from 'preact/hooks';
import type { ShareLink } from '../answers.ts';
import { request, sitePath } from '../api-client.ts';
import { moment } from '../format.ts';
import { useLoaded, useSending } from '../loaded.ts';
import { errorOf, SelectField, TextField } from './field.tsx';
import { ProblemNotice } from './notice.tsx';
import { ShownOnce } from './shown-once.tsx';
import { EndingCell, Table, unseen } from './table.tsx';

const DAY_MS = 86_400_000;
const LIVES = [
  ['', 'Until it is revoked'],
  ['7', 'For 7 days'],
  ['30', 'For 30 days'],
  ['365', 'For a year'],
] as const;

/** The list and the form of a new one. */
export function ShareLinks({ site }: { site: string }) {
  const path = sitePath(site, 'share-links');
  const { data, problem, reload } = useLoaded<{ links: ShareLink[] }>(path);
  const [name, setName] = useState('');
  const [days, setDays] = useState<(typeof LIVES)[number][0]>('');
  const [url, setUrl] = useState<string>();
  const changing = useSending();
  const make = (domEvent: Event) => {
    domEvent.preventDefault();
    changing.send(async () => {
      const expires_at = days === '' ? null : Date.now() + Number(days) * DAY_MS;
      const made = await request<{ url: string }>(path, { method: 'POST', body: { name, expires_at } });
      setUrl(made.url);
      setName('');
      reload();
    });
  };
  const revoke = (id: string) => {
    if (!confirm('Revoke this link? Whoever has it sees nothing more.')) return;
    changing.send(async () => {
      await request(`${path}/${encodeURIComponent(id)}`, { method: 'DELETE' });
      setUrl(undefined);
      reload();
    });
  };
  return (
    <section class="section" aria-label="Share links">
      <h2>Share links</h2>
      <p class="quiet">
        Whoever has one sees goals and funnels of this site, without an account and without any way to change them.
      </p>
      <ProblemNotice problem={problem ?? (changing.problem?.field === 'name' ? undefined : changing.problem)} />
      <ShownOnce text={url} words="The new link, shown this once:" what="the link" />
      {data && data.links.length > 0 && <LinkTable links={data.links} onRevoke={revoke} />}
      <form class="form" onSubmit={make}>
        <div class="pair">
          <TextField
            label="For whom"
            value={name}
            placeholder="The agency"
            onInput={setName}
            error={errorOf(changing.problem, 'name')}
          />
          <SelectField label="It works" value={days} options={LIVES} onChange={setDays} />
        </div>
        <div>
          <button type="submit" aria-disabled={changing.busy}>
            Make a share link
          </button>
        </div>
      </form>
    </section>
  );
}

function LinkTable({ links, onRevoke }: { links: readonly ShareLink[]; onRevoke: (id: string) => void }) {
  return (
    <Table look="stack" columns={['For', 'Made', 'Ends', unseen('Revoke')]}>
      {links.map(({ id, name, created_at, expires_at }) => (
        <tr key={id}>
          <th scope="row" class="break">
            {name || <span class="quiet">Anybody</span>}
          </th>
          <td data-label="Made">{moment(created_at)}</td>
          <td data-label="Ends">{expires_at === null ? 'when revoked' : moment(expires_at)}</td>
          <EndingCell word="Revoke" of={`the link for ${name || 'anybody'}`} onEnd={() => onRevoke(id)} />
        </tr>
      ))}
    </Table>
  );
}
