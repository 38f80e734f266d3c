/** Passwords: hashed with scrypt, a few at a time, since each takes 128 MiB on purpose. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Problem } from '../../core/problem.ts';

/** OWASP's first recommendation for scrypt: 2^17 × 8 × 128 bytes = 128 MiB, about a third of a second. */
const COST = { N: 2 ** 17, r: 8, p: 1 };
const MEMORY_BYTES = 160 * 1_048_576;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const WAITING_MOST = 20;
const PASSWORD_CHARACTERS_LEAST = 10;
const PASSWORD_CHARACTERS_MOST = 1_000;

let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/** One after the other: parallel logins must not take all memory. Throws `overloaded` when too many wait. */
async function derive(password: string, salt: Buffer): Promise<Buffer> {
  if (waiting >= WAITING_MOST) {
    throw new Problem('overloaded', 'Too many people are logging in at this moment.', { retry_after_s: 5 });
  }
  waiting += 1;
  const derived = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { ...COST, maxmem: MEMORY_BYTES }, (error, hash) =>
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
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt);
  return ['scrypt', Math.log2(COST.N), COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join(
    '$',
  );
}

/** Whether the password is the stored one; with nothing stored it takes as long and says no. */
export async function verifyPassword(password: unknown, stored: string | undefined): Promise<boolean> {
  if (typeof password !== 'string' || password.length > 2 * PASSWORD_CHARACTERS_MOST) return false;
  const [, , , , salt = '', hash = ''] = stored?.split('$') ?? [];
  const derived = await derive(
    password,
    stored === undefined ? randomBytes(SALT_BYTES) : Buffer.from(salt, 'base64url'),
  );
  const expected = Buffer.from(hash, 'base64url');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}
