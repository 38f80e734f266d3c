/** PageSense's link names: names of goals and events in paths, unique in a project and never changing. Pure. */
import type { Goal } from '../../../core/goal.ts';

/** A link name stands in paths, whose parameters are not arbitrarily long, and may get numbers at its end. */
const LINKNAME_CHARACTERS = 200;

/** A name lower-cased, alphanumerics only. */
export const linkname = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '')
    .slice(0, LINKNAME_CHARACTERS) || 'goal';

/** The text, with the first number from 2 that makes it new. */
function numbered(text: string, taken: ReadonlySet<string>): string {
  let made = text;
  for (let next = 2; taken.has(made); next++) made = `${text}${next}`;
  return made;
}

/** The name's link name, numbered where it is taken. */
export const newLinkname = (name: string, taken: ReadonlySet<string>) => numbered(linkname(name), taken);

/** The link name that a goal made here keeps. */
export function keptLinkname({ foreign }: Goal): string | undefined {
  const kept = foreign.pagesense?.linkname;
  return typeof kept === 'string' ? kept : undefined;
}

/**
 * Link names of a site's goals by goal id. A goal made here keeps the one it was given; one made elsewhere has its
 * name and its number, so that no other goal's coming or going changes it.
 */
export function linknames(goals: readonly Goal[]): Map<string, string> {
  const oldestFirst = [...goals].sort((a, b) => a.number - b.number);
  const taken = new Set<string>();
  const names = new Map<string, string>();
  const give = (goal: Goal, name: string) => {
    taken.add(name);
    names.set(goal.id, name);
  };
  for (const goal of oldestFirst) {
    const kept = keptLinkname(goal);
    if (kept !== undefined && !taken.has(kept)) give(goal, kept);
  }
  for (const goal of oldestFirst) {
    if (!names.has(goal.id)) give(goal, numbered(`${linkname(goal.name)}${goal.number}`, taken));
  }
  return names;
}
