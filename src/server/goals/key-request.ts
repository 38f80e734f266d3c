/** What a request for a key may say. */
import { Problem } from '../../core/problem.ts';

export const SCOPES = ['goals:read', 'goals:write', 'stats:read', 'events:write', 'admin'] as const;
/** What a key permits; `admin` permits everything on its site, or on all when it is the account's. */
export type Scope = (typeof SCOPES)[number];

const NAME_CHARACTERS = 200;
const FOREIGN_CHARACTERS_LEAST = 16;
const FOREIGN_CHARACTERS_MOST = 256;

export interface KeyRequest {
  /** Id, key or domain of the site it is for; null: all sites. */
  site: string | null;
  /** Each one of SCOPES, at least one. */
  scopes: readonly string[];
  name?: string;
  /** ms since 1970 UTC; null or absent: never. */
  expires_at?: number | null;
}

function refuse(field: string, sentence: string): never {
  throw new Problem('invalid_field', sentence, { field });
}

/** Whether a key with these scopes may do what `scope` names. */
export function permits(scopes: readonly Scope[], scope: Scope): boolean {
  return scopes.includes(scope) || scopes.includes('admin');
}

/** Throws `invalid_field`. */
export function checkKeyRequest(
  { scopes, name = '', expires_at = null }: KeyRequest,
  now: number,
): { scopes: Scope[]; name: string; expires_at: number | null } {
  if (!Array.isArray(scopes) || scopes.length === 0) refuse('scopes', `Give at least one of ${SCOPES.join(', ')}.`);
  const unknown = scopes.find((scope) => !SCOPES.includes(scope as Scope));
  if (unknown !== undefined) refuse('scopes', `"${String(unknown).slice(0, 100)}" is none of ${SCOPES.join(', ')}.`);
  if (typeof name !== 'string' || [...name.trim()].length > NAME_CHARACTERS) {
    refuse('name', `A name is text of at most ${NAME_CHARACTERS} characters.`);
  }
  if (expires_at !== null && (!Number.isSafeInteger(expires_at) || expires_at <= now)) {
    refuse('expires_at', 'The expiry is a time in the future.');
  }
  return { scopes: SCOPES.filter((scope) => scopes.includes(scope)), name: name.trim(), expires_at };
}

/** A key in its foreign form, e.g. `df_…`. Throws `invalid_field`. */
export function checkForeignKey(foreign: unknown): string {
  const length = typeof foreign === 'string' ? foreign.length : 0;
  if (typeof foreign !== 'string' || !/^[\x21-\x7e]*$/.test(foreign)) {
    refuse('as', 'A key is printable ASCII without spaces.');
  }
  if (length < FOREIGN_CHARACTERS_LEAST || length > FOREIGN_CHARACTERS_MOST) {
    refuse('as', `A key has ${FOREIGN_CHARACTERS_LEAST} to ${FOREIGN_CHARACTERS_MOST} characters.`);
  }
  return foreign;
}
