/** A look at a page of the site by the server: is the script there, may it run, and what to do where not. */
import { useState } from 'preact/hooks';
import { request, sitePath } from '../api-client.ts';
import { useSending } from '../loaded.ts';
import { TextField } from './field.tsx';
import { ProblemNotice } from './notice.tsx';

interface Finding {
  check: string;
  ok: boolean;
  text: string;
}

/** For when nothing arrives. */
export function Diagnosis({ site, domain }: { site: string; domain: string }) {
  const [page, setPage] = useState(`https://${domain}/`);
  const [findings, setFindings] = useState<readonly Finding[]>();
  const { busy, problem, send } = useSending();
  const look = (domEvent: Event) => {
    domEvent.preventDefault();
    send(async () => {
      const path = sitePath(site, 'diagnosis');
      setFindings((await request<{ findings: Finding[] }>(path, { method: 'POST', body: { page } })).findings);
    });
  };
  return (
    <details class="more diagnosis">
      <summary>Nothing arrives?</summary>
      <form class="pick" onSubmit={look}>
        <TextField label="The server can look at a page" type="url" code value={page} onInput={setPage} />
        <button type="submit" aria-disabled={busy}>
          Look at it
        </button>
      </form>
      <div aria-live="polite">
        <ProblemNotice problem={problem} />
        {findings && !problem && (
          <ul class="why">
            {findings.map(({ check, ok, text }) => (
              <li key={check} class={ok ? 'why-ok' : 'why-no'}>
                <span class="hidden">{ok ? 'Well: ' : 'At fault: '}</span>
                <strong>{check}</strong> {text}
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  );
}
