/** What `npm test` counts: reports of both runners, good and bad, in the shapes that the runners write. */
import { describe, expect, test } from 'vitest';
import { readPlaywright, readVitest } from './report.mjs';

describe('the test report', () => {
  test('Vitest’s passed, failed and skipped tests are told apart', () => {
    const assertionResults = [
      { status: 'passed', fullName: 'a', failureMessages: [] },
      { status: 'failed', fullName: 'b', failureMessages: ['no\n    at own.ts:1\n    at /x/node_modules/y.js:2\n'] },
      { status: 'pending', fullName: 'c', failureMessages: [] },
    ];
    const report = {
      numPassedTests: 1,
      numPendingTests: 1,
      testResults: [{ status: 'failed', name: 'f', message: '', assertionResults }],
    };
    expect(readVitest(report)).toEqual({
      passed: 1,
      skipped: 1,
      failures: [{ name: 'b', text: 'no\n    at own.ts:1\n' }],
    });
  });

  test('a file that Vitest cannot load is a failure', () => {
    const broken = { status: 'failed', name: 'broken.test.ts', message: 'cannot load', assertionResults: [] };
    const { failures } = readVitest({ numPassedTests: 0, numPendingTests: 0, testResults: [broken] });
    expect(failures).toEqual([{ name: 'broken.test.ts', text: 'cannot load' }]);
  });

  test('Playwright’s suites are read to their depth, and what it could not load is a failure', () => {
    const red = `${String.fromCharCode(27)}[31mred${String.fromCharCode(27)}[39m`;
    const spec = (title: string, status: string) => ({
      title,
      tests: [{ status, projectName: 'chromium', results: [{ errors: [{ message: red }] }] }],
    });
    const report = {
      errors: [{ message: 'no such file' }],
      suites: [
        {
          title: 'a.spec.ts',
          specs: [spec('one', 'expected')],
          suites: [{ title: 'deep', specs: [spec('two', 'unexpected')] }],
        },
        { title: 'b.spec.ts', specs: [spec('three', 'skipped'), spec('four', 'flaky')] },
      ],
    };
    expect(readPlaywright(report)).toEqual({
      passed: 1,
      skipped: 1,
      failures: [
        { name: 'Playwright', text: 'no such file' },
        { name: 'a.spec.ts › deep › two [chromium]', text: 'red' },
        { name: 'b.spec.ts › four [chromium]', text: 'red' },
      ],
    });
  });
});
