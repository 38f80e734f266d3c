/** What an element must have for a selector to match it, by which browsers file the goals of clicks. Server only. */

/**
 * The last id, class or tag of the selector's last compound, in lower case, as some documents ignore case. undefined,
 * which is any element, for lists, functions and escapes, and where the compound has attributes alone.
 */
export function neededName(selector: string): string | undefined {
  const bare = selector.replace(/\[[\w-]+[^\]]*\]/g, '');
  if (/[,\\()"'|[\]]/.test(bare)) return undefined;
  return /([^\s>+~#.:*]+)(?::[\w-]+)*$/.exec(bare)?.[1]?.toLowerCase();
}
