/** Reads the JSON reports of Vitest and Playwright into one shape: how many passed, how many were skipped, what failed. */

/**
 * @typedef {{ name: string, text: string }} Failure
 * @typedef {{ passed: number, skipped: number, failures: Failure[] }} Result
 */

/**
 * Vitest's report; a file that could not even be loaded has no tests and is a failure by itself.
 * @returns {Result}
 */
export function readVitest(report) {
  const failures = [];
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    for (const test of failed) failures.push({ name: test.fullName, text: ownLines(test.failureMessages.join('\n')) });
    if (file.status === 'failed' && failed.length === 0) failures.push({ name: file.name, text: file.message });
  }
  return { passed: report.numPassedTests, skipped: report.numPendingTests, failures };
}

/** A stack without the lines of the test runner. */
function ownLines(text) {
  return text.replace(/^ +at (.*node_modules|new Promise).*\n?/gm, '');
}

/**
 * Playwright's report: suites within suites; a spec has one test for each browser.
 * @returns {Result}
 */
export function readPlaywright(report) {
  const result = {
    passed: 0,
    skipped: 0,
    failures: report.errors.map((error) => ({ name: 'Playwright', text: plain(error) })),
  };
  for (const suite of report.suites) readSuite(suite, [], result);
  return result;
}

function readSuite(suite, above, result) {
  const path = [...above, suite.title];
  for (const inner of suite.suites ?? []) readSuite(inner, path, result);
  for (const spec of suite.specs ?? []) {
    for (const test of spec.tests) readTest(test, [...path, spec.title].join(' › '), result);
  }
}

function readTest(test, name, result) {
  if (test.status === 'expected') result.passed += 1;
  else if (test.status === 'skipped') result.skipped += 1;
  else {
    const errors = test.results.flatMap((attempt) => attempt.errors.map(plain));
    result.failures.push({
      name: `${name} [${test.projectName}]`,
      text: errors.join('\n') || `It ended as ${test.status}.`,
    });
  }
}

/** An error's text without the colours of a terminal. */
function plain(error) {
  const introducer = String.fromCharCode(27);
  return (error.stack ?? error.message ?? String(error)).replaceAll(new RegExp(`${introducer}\\[[0-9;]*m`, 'g'), '');
}
