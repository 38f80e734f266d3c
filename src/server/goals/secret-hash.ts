/** How secrets of 256 random bits are stored: their SHA-256, which needs no salt because nobody can guess them. */
import { createHash } from 'node:crypto';

/** Hexadecimal. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
