/**
 * Conversion keys: which conversions are one and the same. The key is the MD5 of a text, because Node and every
 * engine compute MD5 alike, so that SQL over the past makes the same keys; it protects nothing.
 */
import type { CountRule } from './goal.ts';

/** What a goal's set of conversion rows is known by; all three are positive whole numbers. */
export interface KeyOwner {
  /** The site's number. */
  site: number;
  /** The goal's number. */
  goal: number;
  generation: number;
}

/** The ids a scope can be made of, each in the form it is stored in; absent or '' means unknown. */
export interface ScopeIds {
  order_id?: string | undefined;
  event_id: string;
  action_id?: string | undefined;
  view_id?: string | undefined;
  session?: string | undefined;
  visitor?: string | undefined;
}

/**
 * What counts once: the order if there is one, else by the goal's count rule the user action or event, the view, the
 * session or the visitor. A view, session or visitor that is unknown leaves the action or event.
 */
export function conversionScope(count: CountRule, ids: ScopeIds): string {
  if (ids.order_id) return `o:${ids.order_id}`;
  if (count === 'once_per_page' && ids.view_id) return `p:${ids.view_id}`;
  if (count === 'once_per_session' && ids.session) return `s:${ids.session}`;
  if (count === 'once_per_visitor' && ids.visitor) return `v:${ids.visitor}`;
  return `e:${ids.action_id || ids.event_id}`;
}

/**
 * The scope of a refund. Colons and percent signs of the order's id are escaped, so that no two pairs share a text.
 */
export function refundScope(orderId: string, refundId: string): string {
  return `r:${orderId.replaceAll('%', '%25').replaceAll(':', '%3A')}:${refundId}`;
}

/** The text before the scope, `site/goal/generation/`: three numbers, so that whatever follows the third `/` is the scope. */
export function conversionKeyPrefix({ site, goal, generation }: KeyOwner): string {
  return `${site}/${goal}/${generation}/`;
}

/** The whole text that a key is the MD5 of. */
export function conversionKeyText(parts: KeyOwner & { scope: string }): string {
  return conversionKeyPrefix(parts) + parts.scope;
}

/** The key: 32 lower-case hex digits. `md5` answers them for the UTF-8 bytes of a text. */
export function conversionKey(parts: KeyOwner & { scope: string }, md5: (text: string) => string): string {
  return md5(conversionKeyText(parts));
}
