/** Selectors: what browsers read is accepted, everything else refused with its place. */
import { describe, expect, test } from 'vitest';
import { SELECTOR_CHARACTERS } from '../../src/core/limits.ts';
import { Problem } from '../../src/core/problem.ts';
import { checkSelector } from '../../src/core/selector.ts';
import cases from '../cases/selectors.json' with { type: 'json' };

/** The refusal, which must be one of ours. */
function refusal(input: unknown): Problem {
  try {
    checkSelector(input, 'trigger.selector');
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(input)} is accepted`);
}

describe('checking selectors', () => {
  test.each(cases.filter((row) => row.accepted))('$selector is accepted: $why', ({ selector }) => {
    expect(checkSelector(selector, 'x')).toBe(selector.trim());
  });

  test.each(cases.filter((row) => !row.accepted))('$selector is refused at character $at: $why', ({ selector, at }) => {
    const { code, field, message } = refusal(selector);
    expect({ code, field }).toEqual({ code: 'invalid_field', field: 'trigger.selector' });
    expect(/at character (\d+)/.exec(message)?.[1] ?? '0').toBe(String(at));
  });

  test.each([undefined, null, 7, {}, ['a'], '#\ud800', '[a="\udc00"]'])('%j is no selector', (input) => {
    expect(refusal(input).field).toBe('trigger.selector');
  });

  test('the limit is counted in characters', () => {
    const longest = `.${'😀'.repeat(SELECTOR_CHARACTERS - 1)}`;
    expect(checkSelector(longest, 'x')).toBe(longest);
    expect(refusal(`${longest}a`).message).toContain(String(SELECTOR_CHARACTERS));
  });

  test.each([':not(', ':is(:has(', '[', '(', '/*', '\\', 'a ', ':nth-child(1 of '])(
    '%s many times over is refused',
    (piece) => {
      expect(refusal(piece.repeat(Math.floor(SELECTOR_CHARACTERS / piece.length)).concat('>')).code).toBe(
        'invalid_field',
      );
    },
  );
});
