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
export const normalizePercent = (text: string): string =>
  text.replace(/%[\da-f]{2}|[ "'<>^`{|}]/gi, (found) =>
    /[\w.~-]/.test(unescape(found)) ? unescape(found) : found[1] ? found.toUpperCase() : escape(found),
  );

/**
 * The parts of a URL, as rules see it: scheme with its slashes, host, port, path, query and fragment. `url` and `base`
 * have their percent-encoding normalised already. Throws when it is no URL.
 */
export const splitUrl = (url: string, base?: string): string[] => {
  const { protocol, hostname, port, pathname, search, hash } = new URL(url, base);
  const host = hostname.toLowerCase().replace(/^www\./, '');
  return [
    host && `${protocol}//`,
    host,
    port && `:${port}`,
    host ? pathname || '/' : protocol + pathname,
    search,
    hash,
  ];
};

/** The parts of a URL of no more characters than rules look at, normalised, by name. Never throws. */
export function normalizeUrl(raw: string, base?: string): PageUrl | undefined {
  try {
    const url = normalizePercent(cutCharacters(raw, URL_CHARACTERS).trim());
    const [scheme = '', host = '', port = '', path = '', query = '', fragment = ''] = splitUrl(
      url,
      base && normalizePercent(base),
    );
    return { scheme: scheme.slice(0, -2), host, port, path, query, fragment };
  } catch {
    return undefined;
  }
}

/** What compiled rules are compared with: the URL as `splitUrl` gives it. */
export function urlSubjects({ scheme, host, port, path, query, fragment }: PageUrl): string[] {
  return [scheme && `${scheme}//`, host, port, path, query, fragment];
}
