/** Event ids are UUIDs of version 7 that tell their time. */
import { expect, test } from 'vitest';
import { newId, timeOfId } from '../../src/tracker/event-id.ts';

test('an id is a UUID of version 7 and tells when it was made', () => {
  const before = Date.now();
  const id = newId();
  expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  expect(timeOfId(id)).toBeGreaterThanOrEqual(before);
  expect(timeOfId(id)).toBeLessThanOrEqual(Date.now());
});

test('no id is made twice', () => {
  expect(new Set(Array.from({ length: 10_000 }, newId)).size).toBe(10_000);
});
