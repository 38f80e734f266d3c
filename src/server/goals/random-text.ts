/** Random identifiers and secrets from the operating system's generator. */
import { randomInt } from 'node:crypto';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const ID_CHARACTERS = 21;
/** 36^50 > 2^256. */
const SECRET_CHARACTERS = 50;
const SITE_KEY_CHARACTERS = 12;

/** That many characters of `[0-9a-z]`, each equally likely. */
function randomText(characters: number): string {
  let text = '';
  for (let i = 0; i < characters; i += 1) text += ALPHABET[randomInt(ALPHABET.length)];
  return text;
}

/** e.g. `goal_` + 21 characters. */
export function newId(kind: 'site' | 'goal' | 'key' | 'user' | 'link'): string {
  return `${kind}_${randomText(ID_CHARACTERS)}`;
}

/** 256 bits as 50 characters. */
export function newSecret(): string {
  return randomText(SECRET_CHARACTERS);
}

/** A site's public key. */
export function newSiteKey(): string {
  return randomText(SITE_KEY_CHARACTERS);
}
