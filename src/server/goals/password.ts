/** Passwords: hashed with scrypt, one at a time, since each takes 128 MiB on purpose. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Problem } from '../../core/problem.ts';

/** The other two numbers of OWASP's first recommendation for scrypt. */
const BLOCK = { r: 8, p: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const WAITING_MOST = 20;
const PASSWORD_CHARACTERS_LEAST = 10;
const PASSWORD_CHARACTERS_MOST = 1_000;

let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/** One after the other: parallel logins must not take all memory. Throws `overloaded` when too many wait. */
async function derive(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  if (waiting >= WAITING_MOST) {
    throw new Problem('overloaded', 'Too many people are logging in at this moment.', { retry_after_s: 5 });
  }
  waiting += 1;
  const derived = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        const N = 2 ** cost;
        // Twice what it takes, for the engine counts some more.
        const maxmem = 2 * 128 * BLOCK.r * N;
        scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { N, ...BLOCK, maxmem }, (error, hash) =>
          error ? reject(error) : resolve(hash),
        );
      }),
  );
  last = derived.catch(() => undefined);
  try {
    return await derived;
  } finally {
    waiting -= 1;
  }
}

/** Throws `invalid_field`. */
export function checkPassword(password: unknown): string {
  const length = typeof password === 'string' ? [...password].length : 0;
  if (typeof password !== 'string' || length < PASSWORD_CHARACTERS_LEAST || length > PASSWORD_CHARACTERS_MOST) {
    throw new Problem(
      'invalid_field',
      `A password has ${PASSWORD_CHARACTERS_LEAST} to ${PASSWORD_CHARACTERS_MOST} characters.`,
      { field: 'password' },
    );
  }
  return password;
}

/** What is stored of a password: `scrypt$<log2 N>$<r>$<p>$<salt>$<hash>`. */
export async function hashPassword(password: string, cost: number): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, cost);
  return ['scrypt', cost, BLOCK.r, BLOCK.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** What the stored hash cost to make. */
export function costOf(stored: string): number {
  return Number(stored.split('$')[1]);
}

/** Whether the password is the stored one; with nothing stored it takes as long as `cost` says, and says no. */
export async function verifyPassword(password: unknown, stored: string | undefined, cost: number): Promise<boolean> {
  if (typeof password !== 'string' || password.length > 2 * PASSWORD_CHARACTERS_MOST) return false;
  if (stored === undefined) {
    await derive(password, randomBytes(SALT_BYTES), cost);
    return false;
  }
  const [, , , , salt = '', hash = ''] = stored.split('$');
  const derived = await derive(password, Buffer.from(salt, 'base64url'), costOf(stored));
  const expected = Buffer.from(hash, 'base64url');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}
