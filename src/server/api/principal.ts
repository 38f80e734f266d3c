/** Who asks: a key, the owner of the data folder at the control socket, or a person with a session. */
import type { NamesFor } from '../goals/actor-names.ts';
import { SCOPES, type Scope } from '../goals/key-request.ts';

/** An identified asker. */
export interface Principal {
  /** Written into the audit log: `key:key_…`, `user:user_…`, `link:link_…` or `socket`. */
  actor: string;
  /** The only site this principal may touch; null: every site of the installation. */
  site_id: string | null;
  scopes: readonly Scope[];
  /** Has a share link: of what the scopes permit, only routes that are `shared`. */
  by_link?: true;
}

/** Whoever can open the control socket owns the data folder's files, so nothing is kept from them. */
export const CONTROL_PRINCIPAL: Principal = { actor: 'socket', site_id: null, scopes: SCOPES };

/** Whom it tells what it is told: keys and links are read by programs and strangers. */
export function readerOf({ actor }: Principal): NamesFor {
  return actor.startsWith('user:') || actor === CONTROL_PRINCIPAL.actor ? 'member' : 'program';
}

/** Asks nothing, so nothing is granted: routes that need no key. */
export const STRANGER: Principal = { actor: 'stranger', site_id: null, scopes: [] };
