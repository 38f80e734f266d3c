/**
 * No rule that the server accepts freezes a page: what it compiles is run by a real browser on the worst URLs, found by
 * repeating what the rule itself is made of. What takes long with a repetition that explodes takes minutes, not moments.
 */
import { randomInt } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { compileRule } from '../src/core/compile-url.ts';
import type { UrlRule } from '../src/core/goal.ts';
import { Problem } from '../src/core/problem.ts';
import { judgePattern } from '../src/server/goals/pattern-judge.ts';
import cases from '../test/cases/redos.json' with { type: 'json' };
import { coreBundle } from './build-core-bundle.ts';
import type { HardCase, Slowest } from './case-rows.ts';
import { dice } from './ledger/dice.ts';

const LONG = process.env.GOALPOST_LONG !== undefined;
/** Random patterns that are judged, each within seconds; most are refused. */
const GENERATED = Number(process.env.GOALPOST_PATTERNS ?? (LONG ? 300 : 10));
/** What a page may have to wait for one rule on one URL; a page of a busy machine waits a little longer for anything. */
const PROMISED_MS = 5;
const EXPLODES_MS = 250;

const PIECES = [
  'a',
  'b',
  '/',
  '-',
  '\\d',
  '\\w',
  '.',
  '[^/]',
  '[a-z]',
  '[a-z0-9-]',
  'thanks',
  'shop',
  '\\.',
  '%20',
  '=',
];
const SIGNS = ['', '', '', '*', '+', '?', '*?', '+?', '{2,5}', '{1,20}'];

/** A pattern such as somebody may write who tries things out, or who wants to do harm. */
function randomPattern(roll: (below: number) => number, depth = 2): string {
  const one = (): string => {
    if (depth === 0 || roll(4) > 0) return PIECES[roll(PIECES.length)]!;
    const inner = randomPattern(roll, depth - 1);
    return roll(3) === 0 ? `(?:${inner}|${randomPattern(roll, depth - 1)})` : `(${inner})`;
  };
  let pattern = roll(3) === 0 ? '^/' : '';
  for (let length = 1 + roll(4); length > 0; length -= 1) pattern += one() + SIGNS[roll(SIGNS.length)]!;
  return roll(3) === 0 ? `${pattern}$` : pattern;
}

/** What the server says of these another test holds it to. */
const KNOWN: UrlRule[] = cases
  .filter(({ verdict }) => verdict !== 'refused')
  .map(({ pattern, verdict }) => ({ match: 'regex', value: pattern, ...(verdict === 'second' ? { slow: true } : {}) }));

/** The rule as the server would keep it; undefined when it refuses the pattern. */
async function accepted(value: string): Promise<UrlRule | undefined> {
  try {
    const { degree } = await judgePattern(value);
    return degree === 'second' ? { match: 'regex', value, slow: true } : { match: 'regex', value };
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid_field') return undefined;
    throw error;
  }
}

/** URLs as long as any that is looked at, of everything that the value has in it, and an end that disappoints. */
function hardUrls(value: string): string[] {
  const plain = value.replace(/\\[dws]|\[\^?[^\]]*\]|\{[^}]*\}|[\\^$*+?()|]/g, ' ');
  const words = plain.split(' ').filter((word) => word !== '');
  const pumps = new Set([
    'a',
    'ab',
    '-',
    '/',
    'a/',
    'a-',
    '0',
    'a0-',
    '%20',
    '.',
    ...words,
    words.join(''),
    ...plain.replaceAll(' ', ''),
  ]);
  return [...pumps].flatMap((pump) => {
    const long = pump.repeat(Math.ceil(1_960 / Math.max(1, pump.length))).slice(0, 1_960);
    return [
      `https://e.example/${long}`,
      `https://e.example/${long}!`,
      `https://e.example/x?${long}&!`,
      `https://e.example${long}`,
    ].filter((url) => URL.canParse(url));
  });
}

/** Literal operators are never judged, for they cannot backtrack. */
const LITERAL: UrlRule[] = [
  { match: 'wildcard', value: `*${'a*'.repeat(200)}b` },
  { match: 'wildcard', value: `https://e.example/${'*a'.repeat(200)}*-` },
  { match: 'wildcard', value: `*${'/*'.repeat(100)}thanks` },
  { match: 'path', value: `/${'a*'.repeat(100)}b|/${'*0'.repeat(100)}b` },
  { match: 'path', value: '/**/**/**/**/**/x' },
  { match: 'contains', value: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaab' },
  { match: 'contains', value: `${'a0-'.repeat(100)}!` },
  { match: 'starts_with', value: `/${'a'.repeat(900)}b` },
  { match: 'ends_with', value: `${'a'.repeat(900)}b` },
];

/** Runs in the page. */
async function slowestOf(page: Page, hard: HardCase): Promise<Slowest> {
  return page.evaluate((given) => (globalThis as unknown as { slowest(of: HardCase): Slowest }).slowest(given), hard);
}

test.beforeEach(async ({ page }) => {
  await page.addScriptTag({ content: await coreBundle() });
});

test('a pattern that explodes is seen to', async ({ page }) => {
  const rule = compileRule({ match: 'regex', value: '^/(a+)+$' });
  // Each character doubles the time, so that the fastest machine takes too long for a few more.
  let ms = 0;
  for (let length = 20; length < 40 && ms <= EXPLODES_MS; length += 1) {
    ({ ms } = await slowestOf(page, { rule, urls: [`https://e.example/${'a'.repeat(length)}!`] }));
  }
  expect(ms).toBeGreaterThan(EXPLODES_MS);
});

test('every rule that is accepted answers every URL in a moment', async ({ page }) => {
  test.setTimeout(120_000 + GENERATED * 10_000);
  const seed = Number(process.env.GOALPOST_SEED ?? randomInt(1_000_000));
  const roll = dice(seed);
  const values = Array.from({ length: GENERATED }, () => randomPattern(roll));
  const rules = [...LITERAL, ...KNOWN];
  for (const value of new Set(values)) {
    const rule = await accepted(value);
    if (rule) rules.push(rule);
  }
  expect(KNOWN.length).toBeGreaterThan(25);
  const taken: (Slowest & { rule: UrlRule })[] = [];
  let asked = 0;
  for (const rule of rules) {
    const hard: HardCase = { rule: compileRule(rule), urls: hardUrls(rule.value) };
    asked += hard.urls.length;
    const slowest = await slowestOf(page, hard);
    taken.push({ ...slowest, rule });
  }
  taken.sort((one, other) => other.ms - one.ms);
  const slow = taken.filter(({ ms }) => ms > PROMISED_MS);
  console.log(
    `seed ${seed}: ${rules.length} rules, ${rules.length - LITERAL.length - KNOWN.length} of ${values.length} random ones accepted, ${asked} URLs, slowest ${taken[0]!.ms.toFixed(1)} ms`,
    `(${JSON.stringify(taken[0]!.rule)}), ${slow.length} over ${PROMISED_MS} ms`,
  );
  expect(taken.filter(({ ms }) => ms > EXPLODES_MS)).toEqual([]);
});
