/** Reads the value of a conversion from the page, as it stands there; the collector makes money of it. */
import type { PlanGoal } from '../core/plan.ts';
import { redactText } from '../core/redact.ts';
import { attribute, elements } from './element.ts';
import { readText } from './element-text.ts';

/** What a path of names leads to; where a list stands in the way, through its first entry. */
function follow(source: unknown, path: string): unknown {
  let at = source as Record<string, unknown> | undefined;
  for (const name of path.split('.')) {
    const entry = (at?.[0] ?? at) as Record<string, unknown> | undefined;
    at = (at?.[name] ?? entry?.[name]) as Record<string, unknown> | undefined;
  }
  return at;
}

/** The entries of the page's JSON-LD, those inside lists and `@graph` too; of one `@type`, if one is asked for. */
function linkedData(type?: string): unknown[] {
  return elements('script[type="application/ld+json"]')
    .flatMap((script) => JSON.parse(script.textContent))
    .flatMap((entry) => entry['@graph'] ?? entry)
    .filter((entry) => !type || [entry['@type']].flat().includes(type));
}

/** The raw value and currency of a goal; empty when the goal reads none from the page. Throws what the page makes it. */
export function readValue({ v: source }: PlanGoal): string[] {
  if (!source) return [];
  const [mode, place, detail] = source;
  if (mode === 1) {
    const [element] = elements(place);
    return element ? [redactText(detail ? attribute(element, detail) : readText(element))] : [];
  }
  const entries = mode === 2 ? [...(window as { dataLayer?: unknown[] }).dataLayer ?? []] : linkedData(detail);
  const entry = entries.reverse().find((candidate) => follow(candidate, place) != null);
  const currency = follow(entry, mode === 2 ? (detail ?? '') : place.replace(/[^.]*$/, 'priceCurrency'));
  return [follow(entry, place), currency].flatMap((read) => read == null ? [] : String(read));
}
