/** Pages of Plausible's plugins API: newest first, with full URLs to the next and the previous. */
import type { Goal } from '../../../core/goal.ts';
import { type Fields, type LooseCall, queryText } from './dialect-request.ts';

const PAGE_GOALS = 10;
const PAGE_GOALS_MOST = 100;

/** One page, with what `meta.pagination` says of it. */
export interface Page {
  goals: Goal[];
  pagination: Fields;
}

function pageUrl(call: LooseCall, query: Record<string, string>): { url: string } {
  return { url: `${call.base_url}${call.path}?${new URLSearchParams(query)}` };
}

/** Newest first; `after` and `before` name the number of the goal at the edge of the last page. */
export function pageOf(call: LooseCall, all: readonly Goal[]): Page {
  const limit = limitOf(call.query);
  const after = Number(queryText(call.query, 'after') ?? Number.NaN);
  const before = Number(queryText(call.query, 'before') ?? Number.NaN);
  let start = 0;
  if (Number.isInteger(after)) start = all.filter((goal) => goal.number >= after).length;
  else if (Number.isInteger(before)) start = Math.max(0, all.filter((goal) => goal.number > before).length - limit);
  const goals = all.slice(start, start + limit);
  const more = start + limit < all.length;
  const next = more ? { next: pageUrl(call, { limit: `${limit}`, after: `${goals.at(-1)?.number}` }) } : {};
  const prev = start > 0 ? { prev: pageUrl(call, { limit: `${limit}`, before: `${goals[0]?.number ?? after}` }) } : {};
  return { goals, pagination: { has_next_page: more, has_prev_page: start > 0, links: { ...next, ...prev } } };
}

/** Outside 1-100 means 10, as the product does. */
function limitOf(query: Fields): number {
  const limit = Number(queryText(query, 'limit') ?? PAGE_GOALS);
  return Number.isInteger(limit) && limit >= 1 && limit <= PAGE_GOALS_MOST ? limit : PAGE_GOALS;
}
