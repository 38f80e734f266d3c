/** The only writer of goals: every API and command changes them through this. */
import type { Goal, GoalDefinition } from '../../core/goal.ts';
import type { NamesFor } from './actor-names.ts';
import type { PastGoal, PastWriter } from './begin-backfills.ts';
import type { ConfigStore } from './config-store.ts';
import {
  type DraftContext,
  type GoalAnswer,
  type GoalDraft,
  type GoalPatch,
  type GoalPolicy,
  type GoalUpdateOptions,
  type GoalWriteOptions,
  goalAnswer,
  readDraft,
  readPatch,
  readReplacement,
} from './goal-draft.ts';
import { type EnsuredGoal, ensureAll, placed, type WantedGoal } from './goal-ensure.ts';
import { type GoalPage, type GoalPageQuery, type GoalVersion, pageOfGoals, readVersions } from './goal-list.ts';
import { goalRules, type Judgements, judgeRules, knownJudgements } from './goal-patterns.ts';
import { type GoalRef, goalDefinition, readDeletedGoals, readGoal, readGoals } from './goal-rows.ts';
import {
  checkVersion,
  type GoalWrite,
  insertGoal,
  rewriteGoal,
  setDeleted,
  without,
  writeRows,
} from './goal-writing.ts';
import { lockSite, readSite } from './site-rows.ts';
import { readGroups } from './url-group-rows.ts';

/** What a copy is called: `Signup (copy)`, the next one `Signup (copy 2)`. */
function copyName(name: string, others: readonly Goal[]): string {
  const taken = new Set(others.map((goal) => goal.name));
  for (let copy = 1; ; copy += 1) {
    const candidate = `${name} (copy${copy === 1 ? '' : ` ${copy}`})`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** What a write under the site's lock is done with. */
interface SiteWrite {
  options: GoalWriteOptions;
  judgements: Judgements;
}

/** A goal of a site. */
export interface GoalAddress {
  /** Id, key or domain. */
  site: string;
  goal: GoalRef;
}

export class GoalService {
  readonly #store: ConfigStore;
  readonly #past: PastWriter | undefined;

  /** With `past`, every write is applied to what was recorded before, as far as that can be known: in one piece. */
  constructor(store: ConfigStore, past?: PastWriter) {
    this.#store = store;
    this.#past = past;
  }

  /** Throws `unknown_site`, `invalid_field`, `limit_reached`, `duplicate_key`, `duplicate_name`. */
  async create(site: string, draft: GoalDraft, options: GoalWriteOptions): Promise<GoalAnswer> {
    const judgements: Judgements = new Map();
    await judgeRules(goalRules(readDraft(draft, 0, await this.#peek(site, options, draft))), judgements);
    return this.#inSite(site, { options, judgements }, async (context) => {
      return goalAnswer(await insertGoal(context, draft), context.site);
    });
  }

  /** Makes all of them or none; a Problem's field begins with `goals.<index>`. Throws as `create`. */
  async createMany(site: string, drafts: readonly GoalDraft[], options: GoalWriteOptions): Promise<GoalAnswer[]> {
    const wanted = drafts.map((draft, index) => ({ find: () => undefined, draft, place: `goals.${index}` }));
    return this.ensureMany(site, wanted, options);
  }

  /** Gets or creates, all or none: simultaneous requests for one goal get the same one. Throws as `create`. */
  async ensureMany(site: string, wanted: readonly WantedGoal[], options: GoalWriteOptions): Promise<EnsuredGoal[]> {
    const judgements: Judgements = new Map();
    const context = await this.#peek(site, options);
    for (const { find, draft, place } of wanted) {
      try {
        if (!find(context.others)) await judgeRules(goalRules(readDraft(draft, 0, context)), judgements);
      } catch (error) {
        throw placed(error, place);
      }
    }
    return this.#inSite(site, { options, judgements }, (write) => ensureAll(write, wanted));
  }

  /** Creates the goal with that key or replaces its whole definition. Throws as `create`, `precondition_failed`. */
  async upsertByKey(
    site: string,
    { key, input }: { key: string; input: Record<string, unknown> },
    options: GoalUpdateOptions,
  ): Promise<EnsuredGoal> {
    const draft = { ...input, key };
    const judgements: Judgements = new Map();
    await judgeRules(goalRules(readDraft(draft, 0, await this.#peek(site, options, draft))), judgements);
    return this.#inSite(site, { options, judgements }, async (context) => {
      const found = context.others.find((goal) => goal.key === key);
      checkVersion(found, options.if_match);
      if (found === undefined) return { ...goalAnswer(await insertGoal(context, draft), context.site), created: true };
      context.others = without(context.others, found);
      const goal = await rewriteGoal(context, found, readReplacement(found, draft, context));
      return { ...goalAnswer(goal, context.site, found), created: false };
    });
  }

  /** Newest first, by pages. Throws `unknown_site`, `invalid_parameter`. */
  async list(site: string, query: GoalPageQuery = {}): Promise<GoalPage> {
    const { db } = this.#store;
    const goals = query.deleted ? readDeletedGoals(db, (await readSite(db, site)).id) : this.all(site);
    return pageOfGoals(await goals, query);
  }

  /** Every undeleted goal of a site, newest first. Throws `unknown_site`. */
  async all(site: string): Promise<Goal[]> {
    return readGoals(this.#store.db, (await readSite(this.#store.db, site)).id);
  }

  /** Throws `unknown_site`, and `unknown_goal` for a deleted one too, unless asked for. */
  async get({ site, goal }: GoalAddress, deleted: 'no' | 'too' = 'no'): Promise<Goal> {
    const { id } = await readSite(this.#store.db, site);
    return readGoal(this.#store.db, { siteId: id, ref: goal, deleted });
  }

  /** Every version, newest first, those of deleted goals too. Throws `unknown_site`, `unknown_goal`. */
  async versions(address: GoalAddress, reader: NamesFor = 'program'): Promise<GoalVersion[]> {
    return readVersions(this.#store.db, (await this.get(address, 'too')).id, reader);
  }

  /** Throws `unknown_goal`, `invalid_field`, `precondition_failed`, `conflict`, `duplicate_key`, `duplicate_name`. */
  async update(address: GoalAddress, patch: GoalPatch, options: GoalUpdateOptions): Promise<GoalAnswer> {
    const before = await this.get(address);
    const peeked = await this.#peek(address.site, options, patch);
    const judgements = knownJudgements(goalRules(before).map(({ rule }) => rule));
    const read = (goal: Goal, context: DraftContext): GoalDefinition =>
      readPatch(goal, patch, { ...context, others: without(context.others, goal) });
    await judgeRules(goalRules(read(before, peeked)), judgements);
    return this.#changeGoal(address, { options, judgements }, async (context, goal) => {
      checkVersion(goal, options.if_match);
      return rewriteGoal(context, goal, read(goal, context));
    });
  }

  /** Deletes a goal; it can be restored. Throws `unknown_site`, `unknown_goal`, `precondition_failed`. */
  async remove(address: GoalAddress, options: GoalUpdateOptions): Promise<Goal> {
    const { goal } = await this.#changeGoal(address, { options, judgements: new Map() }, async (context, found) => {
      checkVersion(found, options.if_match);
      return setDeleted(context, found, 'remove');
    });
    return goal;
  }

  /** Undoes a deletion; a goal that is not deleted stays. Throws `unknown_goal`, `duplicate_key`, `limit_reached` … */
  async restore(address: GoalAddress, options: GoalWriteOptions): Promise<GoalAnswer> {
    return this.#inSite(address.site, { options, judgements: new Map() }, async (context) => {
      const siteId = context.site.id;
      const goal = await readGoal(context.write.tx, { siteId, ref: address.goal, deleted: 'too' });
      if (goal.deleted_at === null) return goalAnswer(goal, context.site, goal);
      return goalAnswer(await setDeleted(context, goal, 'restore'), context.site);
    });
  }

  /** Copies a goal; `changes` gives the copy its own name or key. Throws as `create`. */
  async duplicate(
    address: GoalAddress,
    changes: Record<string, unknown>,
    options: GoalWriteOptions,
  ): Promise<GoalAnswer> {
    const { key: _, ...definition } = goalDefinition(await this.get(address));
    const draft = (others: readonly Goal[]) => ({ ...definition, name: copyName(definition.name, others), ...changes });
    return this.create(address.site, draft, options);
  }

  /**
   * The site before the lock, to find patterns to judge and faults early; its goals too, unless what is to be read is
   * plain and asks nothing of them: a thousand take a while.
   */
  async #peek(ref: string, policy: GoalPolicy, read?: GoalDraft | GoalPatch): Promise<DraftContext> {
    const site = await readSite(this.#store.db, ref);
    const plain = read !== undefined && typeof read !== 'function';
    return { site, others: plain ? [] : await readGoals(this.#store.db, site.id), policy };
  }

  /** Runs `work` under the site's lock. */
  async #inSite<T>(ref: string, { options, judgements }: SiteWrite, work: (c: GoalWrite) => Promise<T>): Promise<T> {
    const past: PastGoal[] = [];
    const result = await this.#store.write(async (write) => {
      const site = await lockSite(write, ref);
      const others = await readGoals(write.tx, site.id);
      const groups = new Set((await readGroups(write.tx, site.id)).map((group) => group.key));
      const { origin } = options;
      const rows: GoalWrite['rows'] = { goals: [], versions: [], audit: [] };
      const policy = options;
      const context = { write, site, others, groups, judgements, origin, policy, revision: undefined, past, rows };
      const worked = await work(context);
      await writeRows(context);
      if (past.length > 0) await this.#past?.begin(write, past, origin);
      return worked;
    });
    if (past.length > 0) this.#past?.begun();
    return result;
  }

  /** Runs `work` on an undeleted goal under its site's lock. */
  async #changeGoal(
    { site, goal: ref }: GoalAddress,
    siteWrite: SiteWrite,
    work: (context: GoalWrite, goal: Goal) => Promise<Goal>,
  ): Promise<GoalAnswer> {
    return this.#inSite(site, siteWrite, async (context) => {
      const goal = await readGoal(context.write.tx, { siteId: context.site.id, ref, deleted: 'no' });
      context.others = without(context.others, goal);
      return goalAnswer(await work(context, goal), context.site, goal);
    });
  }
}
