/** Visitor and session ids of the browser's own, kept only with `data-store="local"`. */
import { SESSION_IDLE_MS } from '../core/limits.ts';
import { newId } from './event-id.ts';
import { options } from './options.ts';
import { safely } from './safely.ts';

const VISITOR_KEY = 'gp_visitor';
const SESSION_KEY = 'gp_session';

/** Names the visitor; null forgets them, and the next event starts anew. Does nothing unless ids are kept. */
export const identify = safely((id: string | null): void => {
  if (options.store !== 'local') return;
  localStorage.removeItem(SESSION_KEY);
  if (id == null) localStorage.removeItem(VISITOR_KEY);
  else localStorage.setItem(VISITOR_KEY, id);
});

/** The visitor's id, made on first use; undefined unless ids are kept. */
export const visitorId = safely((): string | undefined => {
  if (options.store !== 'local') return undefined;
  const id = localStorage.getItem(VISITOR_KEY) ?? newId();
  localStorage.setItem(VISITOR_KEY, id);
  return id;
});

/** The session's id, new after SESSION_IDLE_MS without an event; undefined unless ids are kept. */
export const sessionId = safely((): string | undefined => {
  if (options.store !== 'local') return undefined;
  const now = Date.now();
  const [known, last_ms] = (localStorage.getItem(SESSION_KEY) ?? '').split(' ');
  const id = known && now - Number(last_ms) < SESSION_IDLE_MS ? known : newId();
  localStorage.setItem(SESSION_KEY, `${id} ${now}`);
  return id;
});
