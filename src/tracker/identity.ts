/** Visitor and session ids of the browser's own, kept only with `data-store="local"`. */
import { SESSION_IDLE_MS } from '../core/limits.ts';
import { newId } from './event-id.ts';
import { options } from './options.ts';
import { safely } from './safely.ts';

/** The visitor's id, made on first use; undefined unless ids are kept. */
export const visitorId = safely((): string | undefined => {
  if (options.store !== 'local') return undefined;
  localStorage.gp_visitor ||= newId();
  return localStorage.gp_visitor;
});

/** The session's id, new after SESSION_IDLE_MS without an event; undefined unless ids are kept. */
export const sessionId = safely((): string | undefined => {
  if (!visitorId()) return undefined;
  const [id, last_ms] = (localStorage.gp_session ?? '').split(' ');
  const current = Date.now() - last_ms < SESSION_IDLE_MS ? id : newId();
  localStorage.gp_session = `${current} ${Date.now()}`;
  return current;
});

/** Names the visitor; null forgets them, and the next event starts anew. Does nothing unless ids are kept. */
export function identify(id: string | null): void {
  if (!visitorId()) return;
  localStorage.gp_visitor = id ?? '';
  localStorage.gp_session = '';
}
