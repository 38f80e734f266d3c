/** Adding a site: its address is all that is needed. */
import { useState } from 'preact/hooks';
import type { Site } from '../answers.ts';
import { request } from '../api-client.ts';
import { useSending } from '../loaded.ts';
import { errorOf, TextField } from '../parts/field.tsx';
import { Frame } from '../parts/frame.tsx';
import { ProblemNotice } from '../parts/notice.tsx';
import { go, siteAddress } from '../router.ts';

/** The form; the time zone is guessed from the browser. */
export function NewSiteView() {
  const [domain, setDomain] = useState('');
  const [name, setName] = useState('');
  const [timezone, setTimezone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [currency, setCurrency] = useState('USD');
  const { busy, problem, send } = useSending();
  const submit = (domEvent: Event) => {
    domEvent.preventDefault();
    const body = {
      domains: [domain],
      timezone,
      currency: currency.trim().toUpperCase(),
      ...(name.trim() === '' ? {} : { name }),
    };
    send(async () => {
      const site = await request<Site>('/api/sites', { method: 'POST', body });
      go(siteAddress(site.domains[0] ?? site.id, 'install'));
    });
  };
  const inForm = /^(domains|name|timezone|currency)/.test(problem?.field ?? '');
  return (
    <Frame title="Add a site" crumb={<a href="/">Sites</a>}>
      <form class="form" onSubmit={submit}>
        {!inForm && <ProblemNotice problem={problem} />}
        <TextField
          label="Address"
          placeholder="shop.example"
          required
          value={domain}
          onInput={setDomain}
          hint="The host name that visitors see. Subdomains are included."
          error={errorOf(problem, 'domains.0') ?? errorOf(problem, 'domains')}
        />
        <TextField
          label="Name"
          value={name}
          onInput={setName}
          hint="Optional; the address otherwise."
          error={errorOf(problem, 'name')}
        />
        <div class="pair">
          <TextField
            label="Time zone"
            list="zones"
            value={timezone}
            onInput={setTimezone}
            hint="Days begin at its midnight."
            error={errorOf(problem, 'timezone')}
          />
          <TextField
            label="Currency"
            value={currency}
            maxLength={3}
            onInput={setCurrency}
            hint="For amounts that name none."
            error={errorOf(problem, 'currency')}
          />
        </div>
        <ZoneList />
        <div class="form-end">
          <button class="primary" type="submit" aria-disabled={busy}>
            Add site
          </button>
          <a href="/">Cancel</a>
        </div>
      </form>
    </Frame>
  );
}

function ZoneList() {
  return (
    <datalist id="zones">
      {Intl.supportedValuesOf('timeZone').map((zone) => (
        <option key={zone} value={zone} />
      ))}
    </datalist>
  );
}
