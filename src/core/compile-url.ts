/** URL rules, checked and compiled on the server into what `matchesRule` reads. */
import { isLonger } from './characters.ts';
import { MATCH_OPERATORS, type MatchOperator, type UrlRule } from './goal.ts';
import { GOAL_KEY_CHARACTERS, RULE_VALUE_CHARACTERS, SLOW_PATTERN_INPUT_CHARACTERS } from './limits.ts';
import { literalSource } from './match-text.ts';
import { matchesIfAble, type RegexEngine, subjectOf } from './match-url.ts';
import { normalizeUrl, type PageUrl, urlSubjects } from './page-url.ts';
import { type CompiledRule, URL_SUBJECTS, type UrlPattern } from './plan.ts';
import { prepareRegex } from './prepare-regex.ts';
import { Problem } from './problem.ts';
import type { UrlGroup } from './site.ts';
import { encodeLiteral, pieceText, readPath, readUrl, wildcardPath, wildcardUrls } from './url-literal.ts';

/** Finds a site's URL group by its key. */
export type GroupLookup = (key: string) => UrlGroup | undefined;

/** Whether a rule looks at the path alone: as it says, else by how its value begins. */
function isOnPath(rule: UrlRule): boolean {
  return rule.on ? rule.on === 'path' : /^\/(?!\/)/.test(rule.value);
}

/**
 * A pattern of literal parts with anything between them: the first at the subject's start, the last at its end. Each
 * part between takes its leftmost place and keeps it (a look-ahead and a reference to what it found do not backtrack),
 * which is enough, and linear however many there are.
 */
export function literalPattern(subject: string, parts: string[]): UrlPattern {
  const [first = '', ...between] = parts.map(literalSource);
  const last = between.pop();
  if (last === undefined) return [subject, `^${first}$`];
  const held = between.map((part, index) => `(?=([^]*?${part}))\\${index + 1}`).join('');
  return [subject, `^${first}${held}${last && `[^]*${last}$`}`];
}

/** Equal to one subject of the URL or path the value stands for. */
function compileWhole(rule: UrlRule, onPath: string, onUrl: string): CompiledRule {
  const path = isOnPath(rule);
  const url = path ? readPath(rule.value) : readUrl(rule.value);
  const subject = path ? onPath : onUrl;
  return url ? [literalPattern(subject, [subjectOf(urlSubjects(url), subject)])] : [];
}

/** Equal but for query, fragment and a trailing slash. */
function compileSimple(rule: UrlRule): CompiledRule {
  const patterns = compileWhole(rule, URL_SUBJECTS.path, URL_SUBJECTS.no_query);
  return patterns.map(([subject, source]) => [subject, source.replace(/\/?\$$/, '/?$')]);
}

function compileWildcard(rule: UrlRule): CompiledRule {
  const path = isOnPath(rule);
  const texts = path ? [wildcardPath(rule.value)] : wildcardUrls(rule.value);
  return texts.map((text) => {
    const parts = text.split(/\*+/);
    if (text.includes('#')) return literalPattern(path ? URL_SUBJECTS.path_whole : URL_SUBJECTS.whole, parts);
    if (text.includes('?')) return literalPattern(path ? URL_SUBJECTS.path_query : URL_SUBJECTS.no_fragment, parts);
    return literalPattern(path ? URL_SUBJECTS.path : URL_SUBJECTS.no_query, parts);
  });
}

/** `a|b`: neither alternative needs its slash written, none may be empty. */
function compilePath(rule: UrlRule): CompiledRule {
  const alternatives = rule.value.split('|').map((text) => text.trim());
  return alternatives.filter(Boolean).map((text) => {
    const subject = text.includes('?') ? URL_SUBJECTS.path_query : URL_SUBJECTS.path;
    return literalPattern(subject, encodeLiteral(/^[/*]/.test(text) ? text : `/${text}`).split(/\*+/));
  });
}

/** Literal text somewhere in the URL or path, held by the parts before and after it. */
function compilePiece(rule: UrlRule, wrap: (text: string) => string[]): CompiledRule {
  const onPath = isOnPath(rule);
  const text = pieceText(rule.value, { onPath });
  const pathSubject = text.includes('?') ? URL_SUBJECTS.path_query : URL_SUBJECTS.path;
  return [literalPattern(onPath ? pathSubject : URL_SUBJECTS.no_fragment, wrap(text))];
}

/** The host a value of `domain` names: `example.com`, `*.example.com` or a URL. */
function readDomain(value: string): PageUrl | undefined {
  return readUrl(value.replace(/^((?:https?:)?\/\/)?\*\./i, '$1'));
}

function compileDomain(rule: UrlRule): CompiledRule {
  const url = readDomain(rule.value);
  if (!url?.host) return [];
  const { host, port } = url;
  // Without a scheme the value's port may be either scheme's default, and those are dropped from URLs.
  if (/^(?::80|:443)?$/.test(port)) {
    return [literalPattern(URL_SUBJECTS.host, [host]), literalPattern(URL_SUBJECTS.host, ['', `.${host}`])];
  }
  const place = `${host}${port}/`;
  return [literalPattern(URL_SUBJECTS.whole, [place, '']), [URL_SUBJECTS.whole, `^[^/]+\\.${literalSource(place)}`]];
}

function compileRegex(rule: UrlRule): CompiledRule {
  const { source, flags, onPath } = prepareRegex(rule.value);
  const subjects = onPath || rule.on === 'path' ? [URL_SUBJECTS.path, URL_SUBJECTS.path_query] : [URL_SUBJECTS.full];
  return subjects.map((subject) =>
    rule.slow ? [subject, source, flags, SLOW_PATTERN_INPUT_CHARACTERS] : [subject, source, flags],
  );
}

const COMPILERS: Record<Exclude<MatchOperator, 'group'>, (rule: UrlRule) => CompiledRule> = {
  simple: compileSimple,
  exact: (rule) => compileWhole(rule, URL_SUBJECTS.path_whole, URL_SUBJECTS.whole),
  wildcard: compileWildcard,
  path: compilePath,
  regex: compileRegex,
  contains: (rule) => compilePiece(rule, (text) => ['', text, '']),
  starts_with: (rule) => compilePiece(rule, (text) => [text, '']),
  ends_with: (rule) => compilePiece(rule, (text) => ['', text]),
  domain: compileDomain,
};

/**
 * Compiles a rule for `matchesRule`. Groups are replaced by their rules, each once; a missing group, one that only
 * contains itself, and a value that is no URL where one is needed match nothing. Never throws.
 */
export function compileRule(rule: UrlRule, groups: GroupLookup = () => undefined): CompiledRule {
  const seen = new Set<string>();
  const waiting = [rule];
  const compiled: CompiledRule = [];
  for (const next of waiting) {
    if (next.match !== 'group') {
      compiled.push(...COMPILERS[next.match](next));
    } else if (!seen.has(next.value)) {
      seen.add(next.value);
      waiting.push(...(groups(next.value)?.rules ?? []));
    }
  }
  return compiled;
}

/** What `matchUrl` may need besides rule and URL. */
export interface MatchUrlOptions {
  groups?: GroupLookup;
  regex?: RegexEngine;
}

/** Compiles, normalises and decides at once, for dry runs and tests. What is no URL matches nothing. */
export function matchUrl(rule: UrlRule, url: string, { groups, regex }: MatchUrlOptions = {}): boolean {
  const page = normalizeUrl(url);
  return page !== undefined && matchesIfAble(compileRule(rule, groups), urlSubjects(page), regex);
}

function refuse(field: string, sentence: string): never {
  throw new Problem('invalid_field', sentence, { field });
}

/** Refuses values that could never match; says what would. */
function checkValue(rule: UrlRule, field: string): void {
  const path = isOnPath(rule);
  if (rule.match === 'path' && rule.on === 'url') {
    refuse(`${field}.on`, 'The operator "path" compares the path alone: leave "on" out or use "wildcard".');
  }
  if ((rule.match === 'simple' || rule.match === 'exact') && compileRule(rule).length === 0) {
    refuse(
      `${field}.value`,
      `This is not a ${path ? 'path' : 'URL'}: write one such as ${path ? '/thanks' : 'https://example.com/thanks'}.`,
    );
  }
  if (rule.match === 'wildcard' && compileRule(rule).length === 0) {
    refuse(`${field}.value`, 'A URL begins with its host: write */thanks, or set "on" to "path".');
  }
  if (rule.match === 'path' && compileRule(rule).length === 0)
    refuse(`${field}.value`, 'Write a path such as /thanks.');
  if (rule.match === 'domain') {
    const url = readDomain(rule.value);
    if (!url?.host || url.path + url.query + url.fragment !== '/') {
      refuse(`${field}.value`, 'Write a host name such as example.com, without path and query.');
    }
  }
  if (rule.match === 'group' && isLonger(rule.value, GOAL_KEY_CHARACTERS)) {
    refuse(`${field}.value`, `The key of a URL group has at most ${GOAL_KEY_CHARACTERS} characters.`);
  }
}

/**
 * Reads a URL rule of a request. `slow` is accepted and dropped: the server sets it when it judges the pattern.
 * Throws `invalid_field` naming the field at fault, below `field`.
 */
export function checkUrlRule(input: unknown, field: string): UrlRule {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    refuse(field, 'A URL rule is an object such as {"match": "simple", "value": "/thanks"}.');
  }
  const { match, value, on, slow: _, ...unknown } = input as Record<string, unknown>;
  const stranger = Object.keys(unknown)[0];
  if (stranger !== undefined) refuse(`${field}.${stranger}`, 'A URL rule has only "match", "value" and "on".');
  const operator = MATCH_OPERATORS.find((known) => known === match);
  if (!operator) refuse(`${field}.match`, `Use one of ${MATCH_OPERATORS.join(', ')}.`);
  const text = typeof value === 'string' ? value.trim() : '';
  if (!text) refuse(`${field}.value`, 'Write the text to compare with; it must not be empty.');
  if (isLonger(text, RULE_VALUE_CHARACTERS)) {
    refuse(`${field}.value`, `A value has at most ${RULE_VALUE_CHARACTERS} characters.`);
  }
  if (on !== undefined && on !== 'url' && on !== 'path') refuse(`${field}.on`, 'Use "url" or "path", or leave it out.');
  const rule: UrlRule = on === undefined ? { match: operator, value: text } : { match: operator, value: text, on };
  checkValue(rule, field);
  return rule;
}
