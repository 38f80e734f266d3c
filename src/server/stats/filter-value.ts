/** Filter values as they are stored, however people write them: a path as typed, a host with `www.`, a language in lower case. */
import { normalizeHost } from '../../core/host.ts';
import { normalizeUrl } from '../../core/page-url.ts';

/** A path, or a whole URL, of which pages keep the path alone. */
function pathOf(text: string): string {
  const isUrl = /^https?:\/\//i.test(text);
  if (!isUrl && !text.startsWith('/')) return text;
  // Not resolved against a base: `//x` is a path here.
  return normalizeUrl(isUrl ? text : `https://host${text}`)?.path ?? text;
}

function languageOf(text: string): string {
  try {
    return Intl.getCanonicalLocales(text)[0] ?? text;
  } catch {
    return text;
  }
}

const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  country: (text) => text.toUpperCase(),
  device: (text) => text.toLowerCase(),
  hostname: (text) => normalizeHost(text) ?? text,
  language: languageOf,
  page: pathOf,
  referrer: (text) => normalizeHost(text) ?? text,
};

/** The values that a filter on a dimension looks for: the one written, and its spelling in the store where that differs. */
export function filterValues(by: string, written: string): string[] {
  return [...new Set([SPELLINGS[by]?.(written) ?? written, written])];
}
