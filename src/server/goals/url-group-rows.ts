/** URL groups as the store keeps them. */
import type { Selectable } from 'kysely';
import type { UrlRule } from '../../core/goal.ts';
import { Problem } from '../../core/problem.ts';
import type { UrlGroup } from '../../core/site.ts';
import type { UrlGroupTable } from './config-schema.ts';
import type { ConfigStore, Write } from './config-store.ts';

/** A group as the rest of the server knows it. */
export function groupFromRow({ key, name, rules }: Selectable<UrlGroupTable>): UrlGroup {
  return { key, name, rules: JSON.parse(rules) as UrlRule[] };
}

/** The site's groups, by key. */
export async function readGroups(db: ConfigStore['db'] | Write['tx'], siteId: string): Promise<UrlGroup[]> {
  const rows = await db.selectFrom('url_groups').selectAll().where('site_id', '=', siteId).orderBy('key').execute();
  return rows.map(groupFromRow);
}

/** Throws `invalid_field` when the rule refers to a group that the site does not have. */
export function checkGroup(rule: UrlRule, groups: ReadonlySet<string>, field: string): void {
  if (rule.match === 'group' && !groups.has(rule.value)) {
    throw new Problem('invalid_field', `The site has no URL group "${rule.value}": create it first.`, {
      field: `${field}.value`,
    });
  }
}
