/** Which tests Vitest runs and how: everything in `test/`; what needs a browser is in `e2e/`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    // On two cores: a quarter of the time is waiting for servers.
    maxWorkers: 3,
    // How long a machine takes that has much else to do is nothing that is tested: these only end what hangs.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000, interval: 50 } },
    passWithNoTests: false,
    // A failed comparison shows all of what it compared, for reports have no room for a diff.
    chaiConfig: { truncateThreshold: 0 },
  },
});
