/** The only writer of URL groups: stored lists of rules that goals refer to by key. */
import { checkUrlRule } from '../../core/compile-url.ts';
import type { Goal } from '../../core/goal.ts';
import { GOAL_KEY_CHARACTERS, GOAL_NAME_CHARACTERS, URL_GROUP_RULES } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import type { UrlGroup } from '../../core/site.ts';
import { recordAudit } from './audit-log.ts';
import type { PastGoal, PastWriter } from './begin-backfills.ts';
import type { ConfigStore, Write } from './config-store.ts';
import { isRetroactive } from './goal-draft.ts';
import { goalRules, type Judgements, judgeRules, markSlow } from './goal-patterns.ts';
import { readGoals } from './goal-rows.ts';
import { lockSite, raiseRevision, readSite } from './site-rows.ts';
import type { Origin } from './site-service.ts';
import { groupFromRow, readGroups } from './url-group-rows.ts';

const GROUPS_PER_SITE = 100;
const KEY = new RegExp(`^[a-z0-9_:-]{1,${GOAL_KEY_CHARACTERS}}$`);

function refuse(field: string, sentence: string): never {
  throw new Problem('invalid_field', sentence, { field });
}

/** Reads a group of a request. Throws `invalid_field`. */
function checkGroup(input: unknown): UrlGroup {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) refuse('', 'A URL group is an object.');
  const { key, name = key, rules, ...unknown } = input as Record<string, unknown>;
  const stranger = Object.keys(unknown)[0];
  if (stranger !== undefined) refuse(stranger, 'A URL group has only "key", "name" and "rules".');
  if (typeof key !== 'string' || !KEY.test(key)) {
    refuse('key', `A key is 1 to ${GOAL_KEY_CHARACTERS} of a-z, 0-9, "_", ":" and "-".`);
  }
  const title = typeof name === 'string' ? name.trim() : '';
  if (!title || [...title].length > GOAL_NAME_CHARACTERS) refuse('name', 'Give the group a name.');
  if (!Array.isArray(rules) || rules.length === 0 || rules.length > URL_GROUP_RULES) {
    refuse('rules', `A URL group has 1 to ${URL_GROUP_RULES} rules.`);
  }
  const checked = rules.map((rule, index) => checkUrlRule(rule, `rules.${index}`));
  const nested = checked.findIndex((rule) => rule.match === 'group');
  if (nested >= 0) refuse(`rules.${nested}.match`, 'A group cannot contain groups: write the rules out.');
  return { key, name: title, rules: checked };
}

/** The goals that refer to a group. */
async function usersOf(key: string, siteId: string, { tx }: Write): Promise<Goal[]> {
  const goals = await readGoals(tx, siteId);
  return goals.filter((goal) => goalRules(goal).some(({ rule }) => rule.match === 'group' && rule.value === key));
}

export class UrlGroupService {
  readonly #store: ConfigStore;
  readonly #past: PastWriter | undefined;

  /** With `past`, goals that use a group whose rules change are applied to what was recorded before. */
  constructor(store: ConfigStore, past?: PastWriter) {
    this.#store = store;
    this.#past = past;
  }

  /** By key. Throws `unknown_site`. */
  async list(site: string): Promise<UrlGroup[]> {
    return readGroups(this.#store.db, (await readSite(this.#store.db, site)).id);
  }

  /** Throws `unknown_site`, `not_found`. */
  async get(site: string, key: string): Promise<UrlGroup> {
    const group = (await this.list(site)).find((candidate) => candidate.key === key);
    if (group === undefined) throw new Problem('not_found', `The site has no URL group "${key.slice(0, 100)}".`);
    return group;
  }

  /** Throws `unknown_site`, `invalid_field`, `duplicate_key`, `limit_reached`. */
  async create(site: string, input: unknown, { origin }: Origin): Promise<UrlGroup> {
    return this.#save(site, input, { origin, mode: 'create' });
  }

  /** Creates the group with that key, or replaces it; goals that use it follow. Throws as `create`. */
  async put(site: string, input: unknown, { origin }: Origin): Promise<UrlGroup> {
    return this.#save(site, input, { origin, mode: 'put' });
  }

  /** Throws `unknown_site`, `not_found`, and `conflict` while a goal uses it. */
  async remove(ref: string, key: string, { origin }: Origin): Promise<void> {
    await this.#store.write(async (write) => {
      const site = await lockSite(write, ref);
      const [user] = await usersOf(key, site.id, write);
      if (user) throw new Problem('conflict', `The goal "${user.key}" uses this group: change the goal first.`);
      const removed = await write.tx
        .deleteFrom('url_groups')
        .where('site_id', '=', site.id)
        .where('key', '=', key)
        .executeTakeFirst();
      if (removed.numDeletedRows === 0n) {
        throw new Problem('not_found', `The site has no URL group "${key.slice(0, 100)}".`);
      }
      await raiseRevision(write, site.id);
      await recordAudit(write, { actor: origin, action: 'url_group.remove', site_id: site.id, subject: key });
    });
  }

  async #save(ref: string, input: unknown, { origin, mode }: Origin & { mode: 'create' | 'put' }): Promise<UrlGroup> {
    const group = checkGroup(input);
    const judgements: Judgements = new Map();
    await judgeRules(
      group.rules.map((rule, index) => ({ rule, field: `rules.${index}` })),
      judgements,
    );
    const rules = JSON.stringify(group.rules.map((rule) => markSlow(rule, judgements)));
    let past: PastGoal[] = [];
    const saved = await this.#store.write(async (write) => {
      const site = await lockSite(write, ref);
      const existing = await readGroups(write.tx, site.id);
      const known = existing.find(({ key }) => key === group.key);
      if (known && mode === 'create') {
        throw new Problem('duplicate_key', `A group with the key "${group.key}" exists already.`, { field: 'key' });
      }
      if (!known && existing.length >= GROUPS_PER_SITE) {
        throw new Problem('limit_reached', `A site has at most ${GROUPS_PER_SITE} URL groups.`);
      }
      const { key, name } = group;
      const row = await write.tx
        .insertInto('url_groups')
        .values({ site_id: site.id, key, name, rules, created_at: write.at, updated_at: write.at })
        .onConflict((conflict) =>
          conflict.columns(['site_id', 'key']).doUpdateSet({ name, rules, updated_at: write.at }),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      await raiseRevision(write, site.id);
      await recordAudit(write, { actor: origin, action: `url_group.${mode}`, site_id: site.id, subject: key });
      if (known !== undefined && JSON.stringify(known.rules) !== rules) {
        const users = (await usersOf(key, site.id, write)).filter((goal) => isRetroactive(goal, undefined));
        past = users.map((goal) => ({ goal, generation: 'next' }));
      }
      if (past.length > 0) await this.#past?.begin(write, past, origin);
      return groupFromRow(row);
    });
    if (past.length > 0) this.#past?.begun();
    return saved;
  }
}
