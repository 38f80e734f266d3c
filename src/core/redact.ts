/** Removes what names people or opens doors from URLs and texts: in the browser first, in the collector again. */
import type { UrlRule } from './goal.ts';
import { normalizePercent } from './page-url.ts';

/** Names of parameters that lose their values. Compared with a name's letters alone, in lower case: `api_key` is `apikey`. */
export const REDACTED_NAMES =
  'auth(?:orization)?|cardnumber|code|credentials?|cv[cv]|(?:access|api|private)?key(?:id)?|' +
  '(?:first|last|user)name|iban|jwt|mail|otp|pass|pin|pw|session|sid|sig|ssn|tel';

/** Endings of names that do as well, so that `user[email]`, `csrf_token` and `X-Amz-Signature` are found. */
export const REDACTED_ENDINGS =
  'accesskey(?:id)?|email(?:address)?|pass(?:code|phrase|wd|word)|phone(?:number)?|pwd|secret|sess(?:ion)?id|signature|token';

/** What stands in the place of an e-mail address. No part of it is a redacted name, or redacting twice would differ. */
export const REDACTED_MARK = '(redacted)';

const NAME = new RegExp(`^(?:${REDACTED_NAMES})$|(?:${REDACTED_ENDINGS})$`);

/**
 * An address, its `@` and dots possibly percent-encoded, after the encoded separator it may follow; it spans none, and
 * its last label has letters, unlike that of `vue@3.2.1`. (Look-behind would keep older Safari from reading the script.)
 */
const EMAIL =
  /(%(?:2[036cf]|3[abdf]|40))?(?:[^\s/?&=#:;,<>()"@%]|%(?!2[036cf]|3[abdf]|40)){1,64}(?:@|%(?:25)*40)(?:[\w.\u0080-\uffff-]|%[89a-f]\w|%2e)*(?:\.|%2e)(?:[a-z\u0080-\uffff]|%[c-f]\w){2}(?:[\w.\u0080-\uffff-]|%[89a-f]\w|%2e)*/gi;

/** Replaces everything that looks like an e-mail address. */
export function redactText(text: string): string {
  return text.replace(EMAIL, `$1${REDACTED_MARK}`);
}

/** Whether a parameter of this name loses its value; `extra` are a site's own names, compared in any case. */
export function isRedactedParameter(name: string, extra: readonly string[] = []): boolean {
  // Of `next=%2F%3Ftoken` the name is what follows the last encoded separator.
  const plain = normalizePercent(name)
    .toLowerCase()
    .replace(/.*%(?:23|26|3d|3f)/, '');
  return NAME.test(plain.replace(/%..|[^a-z]/g, '')) || extra.some((other) => other.toLowerCase() === plain);
}

/**
 * Redacts a URL, whole or relative, and changes nothing else in its spelling: user and password go, redacted parameters
 * of query, fragment and path (`;jsessionid=`) and of URLs nested in values keep their names only, e-mail addresses are
 * replaced. Redacting again changes nothing. Never throws. `extra` are a site's own parameter names.
 */
export function redactUrl(url: string, extra: readonly string[] = []): string {
  let hiding = false;
  const plain = url
    .replace(/^([a-z][\w+.-]*:)?\/\/[^/?#]*@/i, '$1//')
    .replace(/([?&#;])([^?&#;=]*)(=?)[^?&#;]*/g, (piece, mark: string, name: string, equals: string) => {
      // A `?` or `;` inside a secret does not end it.
      if (hiding && /[?;]/.test(mark)) return '';
      hiding = !!equals && isRedactedParameter(name, extra);
      const kept = hiding ? mark + name + equals : piece;
      if (mark === ';') hiding = false;
      return kept;
    })
    .replace(
      /(%(?:23|26|3f))((?:(?!%(?:23|26|3d|3f))[^&#=])*)(%3d)(?:(?!%23|%26)[^&#])*/gi,
      (piece, mark: string, name: string, equals: string) =>
        isRedactedParameter(name, extra) ? mark + name + equals : piece,
    );
  return redactText(plain);
}

/** Whether a rule can only match with a value that redaction takes away, which whoever saves it should be told. */
export function ruleNeedsRedacted(rule: UrlRule, extra: readonly string[] = []): boolean {
  const query = /^[^?#]*[?#]/.test(rule.value) ? rule.value : `?${rule.value}`;
  return redactUrl(query, extra) !== query;
}
