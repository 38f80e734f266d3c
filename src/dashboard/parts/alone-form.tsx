/** The form of somebody who is not inside yet: a card in the middle of an empty page. */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Mark } from './mark.tsx';

interface AloneFormOptions {
  /** Of the browser's tab. */
  tabTitle: string;
  title: string;
  /** What the button says. */
  button: string;
  busy: boolean;
  onSubmit: () => void;
  children: ComponentChildren;
}

/** The card with the mark, the fields and one button. */
export function AloneForm({ tabTitle, title, button, busy, onSubmit, children }: AloneFormOptions) {
  useEffect(() => {
    document.title = `${tabTitle} · Goalpost`;
  }, [tabTitle]);
  const submit = (domEvent: Event) => {
    domEvent.preventDefault();
    onSubmit();
  };
  return (
    <main class="alone">
      <form class="card" onSubmit={submit}>
        <p class="brand">
          <Mark />
          <span>Goalpost</span>
        </p>
        <h1>{title}</h1>
        {children}
        <button class="primary" type="submit" aria-disabled={busy}>
          {button}
        </button>
      </form>
    </main>
  );
}
