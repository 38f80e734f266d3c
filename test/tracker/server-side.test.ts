/** On a server, where there is no page, the module imports, and its tracker does nothing. */
import { expect, test } from 'vitest';

test('importing and creating do nothing and throw nothing', async () => {
  const known = Object.keys(globalThis).length;
  const { createTracker } = await import('../../src/tracker/tracker.ts');
  const tracker = createTracker({ site: 'KEY', api: 'https://g.example' });
  expect(tracker.track('purchase', 5, { plan: 'pro' })).toBeUndefined();
  tracker.page('/x');
  tracker.identify('me');
  tracker.consent(true);
  tracker.optOut();
  tracker.optIn();
  tracker.on('event', () => undefined)();
  tracker.stop();
  expect(tracker.visitorId()).toBeUndefined();
  await tracker.flush();
  expect(Object.keys(globalThis)).toHaveLength(known);
});
