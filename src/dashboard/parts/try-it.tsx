/** Trying a goal before it is saved: an address, a piece of a page or an event, and every reason step by step. */
import { useState } from 'preact/hooks';
import type { CheckAnswer } from '../answers.ts';
import { request, sitePath } from '../api-client.ts';
import { definitionOf, type GoalDraft } from '../goal-draft.ts';
import { useSending } from '../loaded.ts';
import { TextField } from './field.tsx';
import { ProblemNotice } from './notice.tsx';

/** Asks the server, which decides with the very functions that count. */
export function TryIt({ site, domain, draft }: { site: string; domain: string; draft: GoalDraft }) {
  const [url, setUrl] = useState(`https://${domain}/`);
  const [html, setHtml] = useState('');
  const [click, setClick] = useState('');
  const [event, setEvent] = useState('');
  const [answer, setAnswer] = useState<CheckAnswer>();
  const { busy, problem, send } = useSending();
  const { type } = draft.trigger;
  const named = type === 'event' || type === 'revenue';
  const onPage = !named && type !== 'pageview';
  const run = () => {
    const name = event.trim() || (named && 'name' in draft.trigger ? draft.trigger.name : '');
    const { name: title, ...rest } = definitionOf(draft);
    const goal = { ...rest, name: title?.trim() || 'Untitled' };
    const body = {
      goal,
      url,
      ...(named ? { event: { name } } : {}),
      ...(onPage && html.trim() !== '' ? { html, ...(click.trim() === '' ? {} : { click }) } : {}),
    };
    send(async () => setAnswer(await request<CheckAnswer>(sitePath(site, 'goals', 'check'), { method: 'POST', body })));
  };
  return (
    <section class="try" aria-label="Try it">
      <h2>Try it</h2>
      <TextField label="On this page" type="url" code value={url} onInput={setUrl} />
      {named && <TextField label="Event" code value={event} placeholder="The name above" onInput={setEvent} />}
      {onPage && (
        <>
          <TextField
            label="A piece of its HTML"
            code
            rows={4}
            value={html}
            placeholder={'<form id="signup">…</form>'}
            onInput={setHtml}
          />
          <TextField
            label="Clicked in it"
            code
            value={click}
            placeholder="button"
            onInput={setClick}
            hint="A selector. Optional."
          />
        </>
      )}
      <button type="button" onClick={run} aria-disabled={busy}>
        Would it count?
      </button>
      <div aria-live="polite">
        <ProblemNotice problem={problem} />
        {answer && !problem && <Verdict answer={answer} />}
      </div>
    </section>
  );
}

function Verdict({ answer }: { answer: CheckAnswer }) {
  return (
    <>
      <p class={answer.met ? 'verdict verdict-met' : 'verdict'}>
        {answer.met ? 'Yes, it would count.' : 'No, it would not count.'}
      </p>
      <ul class="why">
        {answer.why.map(({ step, ok, text }) => (
          <li key={`${step} ${text}`} class={ok ? 'why-ok' : 'why-no'}>
            <span class="hidden">{ok ? 'Holds: ' : 'Fails: '}</span>
            {text}
          </li>
        ))}
      </ul>
    </>
  );
}
