/** The literal text of URL rules, spelled as normalised URLs are. */
import { normalizePercent, normalizeUrl, type PageUrl } from './page-url.ts';

/** A scheme with its slashes, or the slashes alone: what makes a value a URL rather than a piece of one. */
const SCHEME = /^(?:[a-z][a-z\d+.-]*:)?\/\//i;
/** As above, in wildcards, where the scheme may be one. */
const WILD_SCHEME = /^(?:[a-z*][a-z\d+.*-]*:)?\/\//i;
/** URLs without a host, as links have them. */
const HOSTLESS = /^(?:mailto|tel|sms|callto|facetime|geo|skype|javascript):/i;

/** Whether a value is to be read as a URL from its beginning. */
export function isUrlText(value: string): boolean {
  return SCHEME.test(value);
}

/** Text as it stands in a normalised URL's path, query or fragment. */
export function encodeLiteral(text: string): string {
  const encoded = text.replace(/\p{Surrogate}/gu, '\ufffd').replace(/[^\x21-\x7e]+/gu, encodeURIComponent);
  return normalizePercent(encoded);
}

/** The whole URL a value stands for, its scheme optional; undefined when it is none. */
export function readUrl(value: string): PageUrl | undefined {
  if (HOSTLESS.test(value)) return normalizeUrl(value);
  if (value.startsWith('//')) return normalizeUrl(`https:${value}`);
  if (SCHEME.test(value)) return normalizeUrl(value);
  // Parsers skip surplus slashes and would take a path's first segment for a host.
  return /^[/\\]/.test(value) ? undefined : normalizeUrl(`https://${value}`);
}

/** The path, query and fragment a value stands for; of a URL, its own. */
export function readPath(value: string): PageUrl | undefined {
  if (isUrlText(value)) return readUrl(value);
  return normalizeUrl(`http://x${value.startsWith('/') ? '' : '/'}${value}`);
}

/** Splits a URL-like text into scheme, what names the host, and the rest, which begins with `/` unless empty. */
function splitHost(text: string): { scheme: string; host: string; rest: string } {
  const scheme = WILD_SCHEME.exec(text)?.[0] ?? '';
  const bare = text.slice(scheme.length);
  const end = bare.search(/[/?#]/);
  if (end < 0) return { scheme, host: bare, rest: '' };
  const rest = bare.slice(end);
  return { scheme, host: bare.slice(0, end), rest: encodeLiteral(rest.startsWith('/') ? rest : `/${rest}`) };
}

/** A host that may be a piece of one: `https://10.0` begins `10.0.0.1`, so it must not be parsed as an address. */
function spellHost(host: string, scheme: string): string {
  const ascii = /^[\x21-\x7e]*$/.test(host);
  const url = ascii ? undefined : normalizeUrl(`https://${host}`);
  const spelled = url ? url.host + url.port : encodeLiteral(host.toLowerCase().replace(/^www\./, ''));
  return spelled.replace(/^http:/i.test(scheme) ? /:80$/ : /:443$/, '');
}

/** A value of `contains`, `starts_with` or `ends_with`: only one with a scheme or leading `//` is read as a URL. */
export function pieceText(value: string, { onPath }: { onPath: boolean }): string {
  if (!isUrlText(value)) return encodeLiteral(value);
  const { scheme, host, rest } = splitHost(value);
  return onPath ? rest : spellHost(host, scheme) + rest;
}

/** The texts, `*` still in them, that a value of `wildcard` on a path stands for. */
export function wildcardPath(value: string): string {
  if (isUrlText(value)) return splitHost(value).rest || '/';
  return encodeLiteral(/^[/*]/.test(value) ? value : `/${value}`);
}

/**
 * The texts, `*` still in them, that a value of `wildcard` on a URL stands for. More than one where a `*` makes it
 * unknown whether what follows is host (any case) or path (exact case), and for `*.`, which is also no subdomain,
 * because `www.` is never seen. None for a path, which no URL begins with.
 */
export function wildcardUrls(value: string): string[] {
  if (/^[/\\](?!\/)/.test(value)) return [];
  const { scheme, host, rest } = splitHost(value);
  if (!host.includes('*')) return [spellHost(host, scheme) + (rest || '/')];
  const domain = /^\*\.([^*]+)$/.exec(host)?.[1];
  if (domain) {
    const spelled = spellHost(domain, scheme) + (rest || '/');
    return [`*.${spelled}`, spelled];
  }
  const tail = rest || (host.endsWith('*') ? '' : '/');
  const raw = encodeLiteral(host.replace(/^www\./i, ''));
  return [...new Set([raw + tail, encodeLiteral(host.toLowerCase().replace(/^www\./, '')) + tail])];
}
