/** Which tests Vitest runs and how: everything in `test/`; what needs a browser is in `e2e/`. */
import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = new URL('..', import.meta.url).pathname;

/** Tests of whole servers and engines, which take the longest, since they wait for what they started. */
const OF_SERVERS = /^test\/(contract|cli)\/|^test\/server\/[^/]+$/;

/** What takes long is begun first, so that no processor is idle while the last of it ends. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isOfServers = ({ moduleId }: TestSpecification): boolean => OF_SERVERS.test(relative(root, moduleId));
    return [...sorted.filter(isOfServers), ...sorted.filter((file) => !isOfServers(file))];
  }
}

export default defineConfig({
  root,
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    // Loading modules anew for each file was a third of the processor's time; what a file starts, it ends.
    isolate: false,
    sequence: { sequencer: LongestFirst },
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
