/** Keys of goals: what they look like, and how one is made from a name. */
import { GOAL_KEY_CHARACTERS } from './limits.ts';

/** 1 to GOAL_KEY_CHARACTERS of lower-case letters, digits, `_`, `:` and `-`. */
export function isGoalKey(key: string): boolean {
  return key.length <= GOAL_KEY_CHARACTERS && /^[a-z0-9_:-]+$/.test(key);
}

/** What a key made from a name depends on besides the name. */
export interface KeyCircumstances {
  /** The goal's number, for names without a single character that a key may have. */
  number: number;
  /** Whether another goal has the key; asked again for `_2`, `_3` … */
  taken: (key: string) => boolean;
}

/**
 * `CTA Button Click` → `cta_button_click`: lower-case, runs of other characters become `_` and are dropped at both
 * ends; nothing left → `goal_<number>`; taken → `_2`, `_3` …, cut so that the suffix fits.
 */
export function goalKeyFromName(name: string, { number, taken }: KeyCircumstances): string {
  const letters = name
    .toLowerCase()
    .replace(/[^a-z0-9_:-]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const base = letters === '' ? `goal_${number}` : cut(letters, GOAL_KEY_CHARACTERS);
  let key = base;
  for (let next = 2; taken(key); next += 1) {
    const suffix = `_${next}`;
    key = cut(base, GOAL_KEY_CHARACTERS - suffix.length) + suffix;
  }
  return key;
}

function cut(text: string, characters: number): string {
  return text.slice(0, characters).replace(/_+$/, '');
}
