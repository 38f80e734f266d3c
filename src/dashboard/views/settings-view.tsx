/** Settings of a site: what it is, what it leaves out, how long it keeps, who has keys, who changed what. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useMayEdit } from '../account.ts';
import type { Site } from '../answers.ts';
import { type ApiProblem, request, sitePath } from '../api-client.ts';
import { useSending } from '../loaded.ts';
import { AuditTable } from '../parts/audit-table.tsx';
import { CheckField, TextField } from '../parts/field.tsx';
import { Frame } from '../parts/frame.tsx';
import { Keys } from '../parts/keys.tsx';
import { Notice, ProblemNotice } from '../parts/notice.tsx';
import { ShareLinks } from '../parts/share-links.tsx';
import type { SiteViewOptions } from '../site-view.ts';

/** The form, keys and audit; only owners may change them. */
export function SettingsView({ site, onSiteChange }: SiteViewOptions) {
  const may = useMayEdit();
  return (
    <Frame title="Settings" site={site} tab="settings">
      {!may.settings && <Notice kind="plain">Only owners may change settings.</Notice>}
      <SiteForm site={site} onSiteChange={onSiteChange} />
      {may.settings && <ShareLinks site={site.id} />}
      {may.settings && <Keys site={site.id} />}
      {may.settings && <AuditTable site={site.id} key={site.updated_at} />}
    </Frame>
  );
}

function linesOf(text: string): string[] {
  return text.split(/[\n,]/).flatMap((line) => line.trim() || []);
}

/** Days as they are sent: nothing is for ever; what is no number goes as it stands, so that the server refuses it. */
function retentionOf(text: string): number | string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return Number.isNaN(Number(trimmed)) ? trimmed : Number(trimmed);
}

/** The form's fields as text. */
function textsOf(site: Site) {
  return {
    name: site.name,
    domains: site.domains.join('\n'),
    timezone: site.timezone,
    currency: site.currency,
    allowed_hosts: site.allowed_hosts.join('\n'),
    addresses: site.exclusions.addresses.join('\n'),
    paths: site.exclusions.paths.join('\n'),
    hosts: site.exclusions.hosts.join('\n'),
    retention: site.retention_days === null ? '' : String(site.retention_days),
    redact: site.redact.join('\n'),
  };
}

type Texts = ReturnType<typeof textsOf>;

interface SiteFieldsOptions {
  texts: Texts;
  onChange: (texts: Texts) => void;
  problem: ApiProblem | undefined;
  /** What is left out besides. */
  children: ComponentChildren;
}

function SiteFields({ texts, onChange, problem, children }: SiteFieldsOptions) {
  const field = (
    name: keyof Texts,
    options: { label: string; hint?: string; rows?: number; path?: string; code?: boolean },
  ) => {
    const { path = name, ...rest } = options;
    const error = problem?.field.startsWith(path) ? problem.message : undefined;
    return (
      <TextField {...rest} value={texts[name]} onInput={(text) => onChange({ ...texts, [name]: text })} error={error} />
    );
  };
  return (
    <>
      <fieldset class="group">
        <legend>The site</legend>
        {field('name', { label: 'Name' })}
        {field('domains', { label: 'Addresses', rows: 2, hint: 'One host a line.', code: true })}
        <div class="pair">
          {field('timezone', { label: 'Time zone' })}
          {field('currency', { label: 'Currency' })}
        </div>
      </fieldset>
      <fieldset class="group">
        <legend>Left out</legend>
        {field('addresses', {
          label: 'Addresses of visitors',
          rows: 2,
          path: 'exclusions.addresses',
          hint: 'Your office: 192.0.2.7 or 192.0.2.0/24, one a line.',
          code: true,
        })}
        {field('paths', {
          label: 'Paths',
          rows: 2,
          path: 'exclusions.paths',
          hint: '/admin/** and the like.',
          code: true,
        })}
        {field('hosts', { label: 'Hosts', rows: 2, path: 'exclusions.hosts', code: true })}
        {field('allowed_hosts', {
          label: 'Hosts that count',
          rows: 2,
          hint: 'Empty: the addresses above and everything below them.',
          code: true,
        })}
        {children}
      </fieldset>
      <fieldset class="group">
        <legend>Privacy</legend>
        {field('retention', { label: 'Days to keep events', path: 'retention_days', hint: 'Empty: for ever.' })}
        {field('redact', {
          label: 'Query parameters to blank out',
          rows: 2,
          hint: 'Besides those that are blanked out anyway: tokens, mail addresses, passwords.',
          code: true,
        })}
      </fieldset>
    </>
  );
}

/** How whoever works on the site leaves themselves out, from whatever address they come. */
function OwnVisits({ domain }: { domain: string }) {
  const page = `https://${domain}/`;
  return (
    <p class="quiet break">
      Your own visits: open{' '}
      <a href={`${page}#goalpost-off`} target="_blank" rel="noopener">
        {page}#goalpost-off
      </a>{' '}
      once in each browser that should not count; <code class="inline">#goalpost-on</code> undoes it.
    </p>
  );
}

function SiteForm({ site, onSiteChange }: SiteViewOptions) {
  const may = useMayEdit();
  const [texts, setTexts] = useState(() => textsOf(site));
  const [bots, setBots] = useState(site.bots);
  const [saved, setSaved] = useState<'no' | 'yes'>('no');
  const { busy, problem, send } = useSending();
  const submit = (domEvent: Event) => {
    domEvent.preventDefault();
    setSaved('no');
    const body = {
      name: texts.name,
      domains: linesOf(texts.domains),
      timezone: texts.timezone.trim(),
      currency: texts.currency.trim().toUpperCase(),
      allowed_hosts: linesOf(texts.allowed_hosts),
      exclusions: { addresses: linesOf(texts.addresses), paths: linesOf(texts.paths), hosts: linesOf(texts.hosts) },
      retention_days: retentionOf(texts.retention),
      redact: linesOf(texts.redact),
      bots,
    };
    send(async () => {
      // As the server took it: addresses in their plain form, lists without repetitions.
      setTexts(textsOf(await request<Site>(sitePath(site.id), { method: 'PATCH', body })));
      setSaved('yes');
      onSiteChange();
    });
  };
  return (
    <form class="form" onSubmit={submit}>
      <fieldset class="plain-set" disabled={!may.settings}>
        <SiteFields texts={texts} onChange={setTexts} problem={problem}>
          <OwnVisits domain={site.domains[0] ?? ''} />
          <CheckField
            label="Leave programs out of the numbers"
            hint="They are kept apart and can be counted in later."
            checked={bots === 'exclude'}
            onChange={({ checked }) => setBots(checked ? 'exclude' : 'include')}
          />
        </SiteFields>
      </fieldset>
      <ProblemNotice problem={problem} />
      {may.settings && (
        <div class="form-end">
          <button class="primary" type="submit" aria-disabled={busy}>
            Save settings
          </button>
          <span role="status" class="quiet">
            {saved === 'yes' && !problem ? 'Saved.' : ''}
          </span>
        </div>
      )}
    </form>
  );
}
