/** How often an address may be tried, without a password being hashed. */
import { expect, test } from 'vitest';
import { LoginAttempts } from '../../../src/server/goals/login-attempts.ts';

const WINDOW_MS = 900_000;

function tries(attempts: LoginAttempts, count: number, address = 'anna@example.com'): (string | undefined)[] {
  return Array.from({ length: count }, () => {
    try {
      attempts.begin(address);
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    }
  });
}

test('ten tries that have not succeeded are all there are in a quarter of an hour, also when made at once', () => {
  let now = 1_000;
  const attempts = new LoginAttempts(() => now);
  expect(tries(attempts, 12)).toEqual([...Array(10).fill(undefined), 'rate_limited', 'rate_limited']);
  expect(tries(attempts, 1, 'bob@example.com')).toEqual([undefined]);
  now += WINDOW_MS - 1;
  expect(tries(attempts, 1)).toEqual(['rate_limited']);
  now += 1;
  expect(tries(attempts, 11)).toEqual([...Array(10).fill(undefined), 'rate_limited']);
});

test('the right password forgives the wrong ones', () => {
  const attempts = new LoginAttempts(() => 0);
  tries(attempts, 9);
  attempts.succeeded('anna@example.com');
  expect(tries(attempts, 11)).toEqual([...Array(10).fill(undefined), 'rate_limited']);
});
