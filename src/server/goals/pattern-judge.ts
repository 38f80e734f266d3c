/** Decides which regular expressions may run in visitors' browsers, where a bad one freezes the page. */
import type { Diagnostics } from 'recheck';
import { PATTERN_STEPS, PATTERN_WAYS, SLOW_PATTERN_WAYS } from '../../core/limits.ts';
import { type PreparedRegex, prepareRegex } from '../../core/prepare-regex.ts';
import { Problem } from '../../core/problem.ts';
import { patternSize } from './pattern-size.ts';
import { countWays } from './pattern-ways.ts';
import { judgeGrowth } from './pattern-worker.ts';
import { compileRe2 } from './re2-regex.ts';

/** A pattern that may be used. */
export interface JudgedPattern extends PreparedRegex {
  /** How the time grows with the text's length. Those of the second degree see a short piece only (`UrlRule.slow`). */
  degree: 'linear' | 'second';
}

/** Verdicts kept, so that saving a goal again costs nothing. */
const VERDICTS_KEPT = 1_000;

const verdicts = new Map<string, JudgedPattern>();

const ADVICE =
  'Anchor it with ^, avoid repetitions next to or inside each other, or use "wildcard", which is always fast';

function messageOf(error: unknown): string {
  return error instanceof Error
    ? error.message.replace(/^Invalid regular expression: (?:\/.*\/\w*: )?/s, '')
    : String(error);
}

/**
 * Refuses what one of the two engines cannot read, and what takes the linear one seconds to: it is asked here, where others
 * wait. Nothing of a pattern that is only judged is kept.
 */
function compileBoth({ source, flags }: PreparedRegex, field: string): void {
  try {
    new RegExp(source, flags);
  } catch (error) {
    throw new Problem('invalid_field', `This is no regular expression: ${messageOf(error)}.`, { field });
  }
  const steps = patternSize(source, flags);
  if (steps > PATTERN_STEPS) {
    const sentence = `This regular expression is too large: written out, it has ${steps} steps of at most ${PATTERN_STEPS}`;
    throw new Problem('invalid_field', `${sentence}. Repeat less, or use + or * instead of {…}.`, { field });
  }
  try {
    compileRe2(source, flags);
  } catch (error) {
    const reason = `${messageOf(error)}. Look-around and back-references are not available`;
    throw new Problem('invalid_field', `The server cannot run this regular expression: ${reason}.`, { field });
  }
}

/** Reads the verdict; throws with the text that would freeze a page. */
function degreeOf(verdict: Diagnostics | undefined, field: string): JudgedPattern['degree'] {
  if (verdict?.status === 'safe') return 'linear';
  if (verdict?.status !== 'vulnerable') {
    const sentence = 'Whether this regular expression could freeze a page cannot be decided in time.';
    throw new Problem('invalid_field', `${sentence} Make it shorter. ${ADVICE}.`, { field });
  }
  const { complexity, attack } = verdict;
  if (complexity.type === 'polynomial' && complexity.degree === 2) return 'second';
  const growth = complexity.type === 'polynomial' ? `with the power of ${complexity.degree}` : 'exponentially';
  const sentence = `This regular expression could freeze a page: its time grows ${growth}`;
  throw new Problem('invalid_field', `${sentence}, for example on ${attack.pattern.slice(0, 200)}. ${ADVICE}.`, {
    field,
  });
}

/**
 * Judges a pattern as its owner wrote it. Throws `invalid_field` when it is none, when RE2 cannot run it, when its time
 * grows faster than the square of the text, and when that cannot be decided.
 */
export async function judgePattern(value: string, field = 'value'): Promise<JudgedPattern> {
  const known = verdicts.get(value);
  if (known) return known;
  const prepared = prepareRegex(value);
  compileBoth(prepared, field);
  const { source, flags } = prepared;
  const ways = countWays(source, flags);
  const refuseWays = () => {
    const number = Number.isFinite(ways) ? `${Math.round(ways)}` : 'countless';
    const sentence = `This regular expression could freeze a page: it can read one URL in ${number} ways`;
    return new Problem('invalid_field', `${sentence}. Tell its alternatives and repetitions apart. ${ADVICE}.`, {
      field,
    });
  };
  if (ways > PATTERN_WAYS) throw refuseWays();
  const degree = degreeOf(await judgeGrowth({ source, flags }), field);
  if (degree === 'second' && ways > SLOW_PATTERN_WAYS) throw refuseWays();
  const judged: JudgedPattern = { ...prepared, degree };
  const oldest = verdicts.size >= VERDICTS_KEPT ? verdicts.keys().next().value : undefined;
  if (oldest !== undefined) verdicts.delete(oldest);
  verdicts.set(value, judged);
  return judged;
}
