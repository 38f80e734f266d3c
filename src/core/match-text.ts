/** Text as people see it: normalised, then compared; for clicked text and event names. */
import type { TextOperator } from './goal.ts';

/** Unicode NFC, white space (NBSP too) collapsed to single spaces, trimmed. */
export const normalizeText = (text: string): string => {
  return text.normalize().replace(/\s+/g, ' ').trim();
};

/** Compares two texts; both texts are already normalised and, if case is to be ignored, lower-cased. */
export function matchesText(operator: TextOperator, pattern: string, subject: string): boolean {
  switch (operator) {
    case 'contains':
      return subject.includes(pattern);
    case 'starts_with':
      return subject.startsWith(pattern);
    case 'ends_with':
      return subject.endsWith(pattern);
    case 'equals':
      return subject === pattern;
  }
}

/** The source of a regular expression that matches the text itself, whatever is in it. */
export const literalSource = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The source of a regular expression that compares as `matchesText` does. */
export function textPattern(operator: TextOperator, text: string): string {
  const isOpenBefore = operator === 'contains' || operator === 'ends_with';
  const isOpenAfter = operator === 'contains' || operator === 'starts_with';
  return `${isOpenBefore ? '' : '^'}${literalSource(text)}${isOpenAfter ? '' : '$'}`;
}
