/** Page URLs as rules see them: normalised alike in browsers and on the server, and cut into comparable parts. */
import { cutCharacters } from './characters.ts';
import { URL_CHARACTERS } from './limits.ts';

/** The global of browsers and Node; declared here because core knows neither's library. */
declare const URL: new (
  url: string,
  base?: string,
) => Record<'protocol' | 'hostname' | 'port' | 'pathname' | 'search' | 'hash', string>;

/** The parts of a normalised URL; joined in this order (with `//` after the scheme) they are the URL. */
export interface PageUrl {
  /** `https:`; empty when the URL has no host (`mailto:`, `tel:`): then the scheme begins `path`. */
  scheme: string;
  /** Lower-case ASCII, without a leading `www.` and without the port. */
  host: string;
  /** `:8080`; empty for the scheme's default port. */
  port: string;
  /** Begins with `/` whenever there is a host. */
  path: string;
  /** `?a=1`, or empty. */
  query: string;
  /** `#top`, or empty. */
  fragment: string;
}

/**
 * Percent-encoding in one spelling: unreserved characters decoded, hex digits upper-cased, malformed sequences left
 * alone. Characters that no URL may contain are encoded, because engines differ in which ones they leave raw
 * (`|` and `^` in paths, `'` in queries).
 */
export function normalizePercent(text: string): string {
  return text.replace(/%[\da-f]{2}|[ "'<>^`{|}]/gi, (found) => {
    const code = found[1] ? Number.parseInt(found.slice(1), 16) : found.charCodeAt(0);
    const character = String.fromCharCode(code);
    return /[\w.~-]/.test(character) ? character : `%${(code + 256).toString(16).slice(1).toUpperCase()}`;
  });
}

/** Normalises a URL, which should be redacted already; undefined when it is none. Never throws. */
export function normalizeUrl(raw: string, base?: string): PageUrl | undefined {
  try {
    const url = new URL(cutCharacters(raw, URL_CHARACTERS), base);
    const host = url.hostname.toLowerCase().replace(/^www\./, '');
    return {
      scheme: host && url.protocol,
      host,
      port: url.port && `:${url.port}`,
      path: normalizePercent(host ? url.pathname || '/' : url.protocol + url.pathname),
      query: normalizePercent(url.search),
      fragment: normalizePercent(url.hash),
    };
  } catch {
    return undefined;
  }
}

/** What compiled rules are compared with, indexed by `URL_SUBJECTS`. */
export function urlSubjects({ scheme, host, port, path, query, fragment }: PageUrl): string[] {
  const place = host + port;
  const slashless = path.replace(/\/$/, '');
  const tail = path + query;
  return [
    place + tail + fragment,
    place + tail,
    place + path,
    path,
    tail,
    host,
    (scheme && `${scheme}//`) + place + tail + fragment,
    place + slashless,
    slashless,
    tail + fragment,
  ];
}
