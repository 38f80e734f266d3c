/** Set-up of a site: the line to put into its pages, and a look at whether events arrive. */
import { useState } from 'preact/hooks';
import { useMayEdit } from '../account.ts';
import { sitePath } from '../api-client.ts';
import { DROP_WORDS } from '../drop-words.ts';
import { readable } from '../format.ts';
import { eventWords, type LiveEntry, useLive } from '../live.ts';
import { useLoaded } from '../loaded.ts';
import { Copyable } from '../parts/copyable.tsx';
import { Diagnosis } from '../parts/diagnosis.tsx';
import { Frame } from '../parts/frame.tsx';
import { ProblemNotice } from '../parts/notice.tsx';
import { siteAddress } from '../router.ts';
import type { SiteViewOptions } from '../site-view.ts';
import { GUIDES } from './install-guides.ts';

/** Snippets for the usual ways to build pages, then the wait for the first event. */
export function InstallView({ site }: SiteViewOptions) {
  const { data, problem } = useLoaded<{ html: string; pinned: string }>(sitePath(site.id, 'snippet'));
  const [chosen, setChosen] = useState(GUIDES[0]?.name ?? '');
  const guide = GUIDES.find(({ name }) => name === chosen) ?? GUIDES[0];
  const script = `${location.origin}/tracker.js`;
  const may = useMayEdit();
  return (
    <Frame title="Set-up" site={site} tab="install" lead="One line in your pages; goals need no further change there.">
      <ProblemNotice problem={problem} />
      <ol class="steps">
        <li>
          <h2>Put this into every page</h2>
          <fieldset class="choices" aria-label="How the site is made">
            {GUIDES.map(({ name }) => (
              <button
                type="button"
                key={name}
                class="choice"
                aria-pressed={name === chosen}
                onClick={() => setChosen(name)}
              >
                {name}
              </button>
            ))}
          </fieldset>
          {data && guide && (
            <>
              <Copyable text={guide.code({ ...data, script, key: site.key })} what="the lines" />
              <p class="quiet">{guide.note}</p>
            </>
          )}
        </li>
        <li>
          <h2>Open a page of {site.domains[0]}</h2>
          <Waiting site={site.id} />
          {may.settings && <Diagnosis site={site.id} domain={site.domains[0] ?? ''} />}
        </li>
        <li>
          <h2>Name what visitors should do</h2>
          <p>
            <a class="button" href={siteAddress(site.domains[0] ?? site.id, 'goals', 'new')}>
              New goal
            </a>
          </p>
        </li>
      </ol>
    </Frame>
  );
}

/** Listens until something arrives, and says what it was. */
function Waiting({ site }: { site: string }) {
  const { entries, state } = useLive(site);
  const [last] = entries;
  if (last === undefined) {
    return (
      <div class="waiting" role="status">
        <span class="pulse" aria-hidden="true" />
        <p>
          <strong>
            {state === 'broken' ? 'The connection to the server is interrupted…' : 'Waiting for the first event…'}
          </strong>
          <span class="quiet">
            Nothing after a minute? Look for “tracker.js” in the browser’s network list: blocked by an extension, by a
            consent tool or by a Content-Security-Policy, it never gets here.
          </span>
        </p>
      </div>
    );
  }
  return <Arrived entry={last} />;
}

function Arrived({ entry }: { entry: LiveEntry }) {
  if (entry.kind === 'dropped') {
    return (
      <div class="waiting waiting-dropped" role="status">
        <p>
          <strong>An event arrived and was not taken.</strong>
          <span>{DROP_WORDS[entry.reason ?? ''] ?? entry.reason}</span>
          {entry.url && <span class="break quiet">{readable(entry.url)}</span>}
        </p>
      </div>
    );
  }
  return (
    <div class="waiting waiting-arrived" role="status">
      <p>
        <strong>It works: the first event is here.</strong>
        <span class="break">
          {eventWords(entry.name)} {entry.url && `on ${readable(entry.url)}`}
        </span>
      </p>
    </div>
  );
}
