/** What requests about people may say. */
import { Problem } from '../../core/problem.ts';

/** What a member may do: everything; everything but members, keys and sites; only look. */
export const ROLES = ['owner', 'editor', 'viewer'] as const;
/** One of ROLES. */
export type Role = (typeof ROLES)[number];

const NAME_CHARACTERS = 200;
const EMAIL_CHARACTERS = 254;

function refuse(field: string, sentence: string): never {
  throw new Problem('invalid_field', sentence, { field });
}

/** An address as it is compared: trimmed and lower-case; '' for what is no text. */
export function plainEmail(email: unknown): string {
  return typeof email === 'string' ? email.trim().toLowerCase() : '';
}

/** The plain address. Throws `invalid_field`. */
export function checkEmail(email: unknown): string {
  const text = plainEmail(email);
  if (text.length > EMAIL_CHARACTERS || !/^[^\s@<>"]+@[^\s@<>"]+$/.test(text)) {
    refuse('email', 'Write an e-mail address such as anna@example.com.');
  }
  return text;
}

/** Trimmed; may be empty. Throws `invalid_field`. */
export function checkPersonName(name: unknown): string {
  const text = typeof name === 'string' ? name.trim() : '';
  if (typeof name !== 'string' || [...text].length > NAME_CHARACTERS) {
    refuse('name', `A name is text of at most ${NAME_CHARACTERS} characters.`);
  }
  return text;
}

/** Throws `invalid_field`. */
export function checkRole(role: unknown): Role {
  return ROLES.find((known) => known === role) ?? refuse('role', `Write one of ${ROLES.join(', ')}.`);
}
