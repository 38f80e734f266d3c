/** Visitor and session ids of the browser's own, kept only with `data-store="local"`. */
import { SESSION_IDLE_MS } from '../core/limits.ts';
import { permission } from './consent.ts';
import { newId } from './event-id.ts';
import { options } from './options.ts';
import { safely } from './safely.ts';
import { local } from './storage.ts';

/** The visitor's id, made on first use; undefined unless ids are kept, or where there is no room for it. */
export const visitorId = safely((): string | undefined => {
  if (permission < 1 || options.store !== 'local') return undefined;
  local.gp_visitor ||= newId();
  return local.gp_visitor;
});

/** The session's id, new after SESSION_IDLE_MS without an event; undefined unless ids are kept, as above. */
export const sessionId = safely((): string | undefined => {
  if (!visitorId()) return undefined;
  const [id, last_ms] = (local.gp_session ?? '').split(' ');
  const current = Date.now() - (last_ms as never) < SESSION_IDLE_MS ? id : newId();
  local.gp_session = `${current} ${Date.now()}`;
  return current;
});

/** Names the visitor; null forgets them, and the next event starts anew. Does nothing unless ids are kept. */
export const identify = (id: string | null): void => {
  if (!visitorId()) return;
  local.gp_visitor = id ?? '';
  local.gp_session = '';
};
