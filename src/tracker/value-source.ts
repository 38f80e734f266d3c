/** Reads the value of a conversion from the page, as it stands there; the collector makes money of it. */
import type { PlanGoal } from '../core/plan.ts';
import { redactText } from '../core/redact.ts';
import { attribute, elements } from './element.ts';
import { readTexts } from './element-text.ts';
import { safely } from './safely.ts';

/** Something read from the page's data: an object, a list, a text, or nothing. */
type Data = Record<string, unknown> | undefined;

/** What a path of names leads to; where a list stands in the way, through its first entry that has it. */
const follow = (source: Data, path = ''): Data =>
  path
    .split('.')
    .reduce(
      (at, name) => (at?.[name] ?? [].find.call(at ?? '', (entry) => entry?.[name] != null)?.[name]) as Data,
      source,
    );

/** The raw value and currency of a goal; empty when the goal reads none from the page. Throws what the page makes it. */
export const readValue = ({ v: source }: PlanGoal): string[] => {
  if (!source) return [];
  const [mode, place, detail, type] = source;
  if (mode < 2) {
    const [element] = elements(place);
    return [redactText((detail ? attribute(element!, detail) : readTexts([element!])[0])!)];
  }
  const entries =
    mode < 3
      ? (window as unknown as { dataLayer: NonNullable<Data>[] }).dataLayer
      : // The page's JSON-LD, what is inside lists and `@graph` too; of one `@type`, if one is asked for.
        elements('[type="application/ld+json"]')
          // One that is broken takes no other with it.
          .flatMap((script) => safely(JSON.parse)(script.textContent) ?? [])
          .flatMap((part) => part['@graph'] ?? part)
          .filter((part) => !type || [part['@type']].flat().includes(type));
  const entry = entries.filter((candidate) => follow(candidate, place) != null).pop();
  return [follow(entry, place), follow(entry, detail)].flatMap((value) => (value == null ? [] : `${value}`));
};
