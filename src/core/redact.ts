/** Removes what names people or opens doors from URLs and texts: in the browser first, in the collector again. */
import type { UrlRule } from './goal.ts';
import { normalizePercent } from './page-url.ts';

/** What stands in the place of an e-mail address. No part of it is a redacted name, or redacting twice would differ. */
export const REDACTED_MARK = '(redacted)';

/**
 * Names of parameters that lose their values, then endings of names that do (`user[email]`, `csrf_token`,
 * `X-Amz-Signature`). Compared with a name's letters alone: `api_key` is `apikey`.
 */
const NAME =
  /(^(auth(orization)?|cardnumber|code|credentials?|cv[cv]|(api|private)?key(id)?|(first|last|user)name|iban|jwt|mail|otp|pass|pin|pw|session|sid|sig|ssn|tel)|accesskey(id)?|email(address)?|pass(code|phrase|wd|word)|phone(number)?|pwd|secret|sess(ion)?id|signature|token)$/i;

/**
 * An address, its `@` possibly percent-encoded, after the encoded separator it may follow; it spans none, and what
 * follows its last dot is no number, unlike that of `vue@3.2.1`. (Look-behind would keep older Safari from reading the
 * script.)
 */
const EMAIL =
  /(%[2-7]\w)?([^\s/?&=#:;,<>()"@%]|%[89A-F]\w|%2B){1,64}(@|%(25)*40)([\w.\x80-\uffff-]|%[89A-F]\w)*\.(?!\d)([\w.\x80-\uffff-]|%[89A-F]\w)+/gi;

/** Replaces everything that looks like an e-mail address. */
export const redactText = (text: string): string => text.replace(EMAIL, `$1${REDACTED_MARK}`);

/** Whether a parameter of this name loses its value; `extra` are a site's own names, in lower case. */
export const isRedactedParameter = (name: string, extra?: readonly string[]): boolean =>
  NAME.test(name.replace(/%..|[^a-z]/gi, '')) || !!extra?.includes(name.toLowerCase());

/**
 * Redacts a URL, whole or relative, and normalises its percent-encoding, so that no spelling hides a name: user and
 * password go, redacted parameters of query, fragment and path (`;jsessionid=`) and of URLs nested in values keep their
 * names only, e-mail addresses are replaced. Redacting again changes nothing. Never throws. `extra` are a site's own
 * parameter names, in lower case.
 */
export const redactUrl = (url: string, extra?: readonly string[]): string =>
  redactText(
    normalizePercent(url)
      .replace(/^([^/?#]*\/\/)[^/?#]*@/, '$1')
      // Marks the values first, one way or the other by how they end: a `?` or `;` inside a secret of a query does not.
      // The marks are encoded by now wherever else they stood.
      .replace(
        /([?&#;]|%(?:25)*(?:2[36]|3F))((?:(?!%(?:25)*(?:2[36]|3[DF]))[^?&#;=])*)(=|%(?:25)*3D)/g,
        (found, mark: string, name: string, equals: string) =>
          isRedactedParameter(name, extra) ? found + (equals[1] || mark === ';' ? '>' : '<') : found,
      )
      .replace(/<[^&#]*|>((?!%2[36])[^?&#])*/g, ''),
  );

/** Whether a rule can only match with a value that redaction takes away, which whoever saves it should be told. */
export const ruleNeedsRedacted = (rule: UrlRule, extra: readonly string[] = []): boolean => {
  const query = /^[^?#]*[?#]/.test(rule.value) ? rule.value : `?${rule.value}`;
  return redactUrl(query, extra) !== normalizePercent(query);
};
