/** The case tables of core in a real browser: what it decides there is what Node decides. */
import { readFileSync } from 'node:fs';
import { expect, test } from './browser-test.ts';
import { coreBundle } from './build-core-bundle.ts';
import type { RedactRow, TextRow, UrlRow } from './case-rows.ts';

/** The functions that the bundle puts into the page. */
interface Answers {
  urlAnswers(rows: UrlRow[]): boolean[];
  textAnswers(rows: TextRow[]): boolean[];
  redactAnswers(rows: RedactRow[]): string[];
}

function rowsOf<Row>(name: string): Row[] {
  return JSON.parse(readFileSync(new URL(`../test/cases/${name}.json`, import.meta.url), 'utf8'));
}

/** Rows that were answered otherwise than the table says, readable. */
function wrong<Row extends { why: string }, Answer>(rows: Row[], answers: Answer[], expected: (row: Row) => Answer) {
  return rows.flatMap((row, index) => (answers[index] === expected(row) ? [] : [{ ...row, answered: answers[index] }]));
}

test.beforeEach(async ({ page }) => {
  await page.addScriptTag({ content: await coreBundle() });
});

test('a browser decides URL rules as the table says', async ({ page }) => {
  const rows = rowsOf<UrlRow>('url-rules');
  const answers = await page.evaluate((given) => (globalThis as unknown as Answers).urlAnswers(given), rows);
  expect(wrong(rows, answers, (row) => row.matches)).toEqual([]);
  expect(answers.length).toBeGreaterThanOrEqual(300);
});

test('a browser compares texts as the table says', async ({ page }) => {
  const rows = rowsOf<TextRow>('text');
  const answers = await page.evaluate((given) => (globalThis as unknown as Answers).textAnswers(given), rows);
  expect(wrong(rows, answers, (row) => row.matches)).toEqual([]);
  expect(answers.length).toBeGreaterThanOrEqual(20);
});

test('a browser redacts as the table says', async ({ page }) => {
  const rows = rowsOf<RedactRow>('redact');
  const answers = await page.evaluate((given) => (globalThis as unknown as Answers).redactAnswers(given), rows);
  expect(wrong(rows, answers, (row) => row.becomes)).toEqual([]);
  expect(answers.length).toBeGreaterThanOrEqual(20);
});
