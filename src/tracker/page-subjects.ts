/** URLs of the page as they leave the browser, and as rules see them. */
import { URL_CHARACTERS } from '../core/limits.ts';
import { splitUrl } from '../core/page-url.ts';
import { redactUrl } from '../core/redact.ts';
import { plan } from './plan-goals.ts';
import { safely } from './safely.ts';

/** The URL without what must not leave the browser. */
export const redacted = (url: string): string => redactUrl(`${url}`.trim(), plan?.x).slice(0, URL_CHARACTERS);

let last: string | undefined;
let lastParts: string[];

/**
 * The parts of a URL, which may be relative; rules see only what may leave the browser. The last one is remembered, with
 * what it was relative to: routes change that.
 */
export const partsOf = (url: string): string[] => {
  const { baseURI } = document;
  if (last !== url + baseURI) lastParts = safely(splitUrl)(redacted(url), redacted(baseURI)) ?? [];
  last = url + baseURI;
  return lastParts;
};
