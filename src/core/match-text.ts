/** Text as people see it: normalised, then compared; for clicked text and event names. */

/** Unicode NFC, white space (NBSP too) collapsed to single spaces, trimmed. */
export function normalizeText(text: string): string {
  return text.normalize().replace(/\s+/g, ' ').trim();
}

/** Compares by an operator of `PLAN_TEXT_OPERATORS`; both texts are already normalised and, if case is to be ignored, lower-cased. */
export function matchesText(operator: number, pattern: string, subject: string): boolean {
  if (operator === 1) return subject.includes(pattern);
  if (operator === 2) return subject.startsWith(pattern);
  return operator ? subject.endsWith(pattern) : subject === pattern;
}
