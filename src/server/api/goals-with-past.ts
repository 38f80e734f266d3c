/** Goals whose every write is applied to what was recorded before, as far as the past can be known. */
import type { ConfigStore } from '../goals/config-store.ts';
import type { GoalAnswer, GoalDraft, GoalPatch, GoalUpdateOptions, GoalWriteOptions } from '../goals/goal-draft.ts';
import type { EnsuredGoal, WantedGoal } from '../goals/goal-ensure.ts';
import { type GoalAddress, GoalService } from '../goals/goal-service.ts';
import type { Housekeeping } from '../stats/housekeeping.ts';

/** What applies a goal to the past. */
export interface PastApplier {
  applyToPast: Housekeeping['applyToPast'];
  /** The goal is stored; only its past could not be begun. */
  onFailed: (error: unknown) => void;
}

/** `duplicate` and `createMany` go through what is overridden here. */
export class GoalsWithPast extends GoalService {
  readonly #past: PastApplier;

  constructor(store: ConfigStore, past: PastApplier) {
    super(store);
    this.#past = past;
  }

  override async create(site: string, draft: GoalDraft, options: GoalWriteOptions): Promise<GoalAnswer> {
    return this.#apply(await super.create(site, draft, options), 'current', options);
  }

  override async ensureMany(
    site: string,
    wanted: readonly WantedGoal[],
    options: GoalWriteOptions,
  ): Promise<EnsuredGoal[]> {
    const ensured = await super.ensureMany(site, wanted, options);
    for (const answer of ensured) if (answer.created) await this.#apply(answer, 'current', options);
    return ensured;
  }

  override async upsertByKey(
    site: string,
    wanted: { key: string; input: Record<string, unknown> },
    options: GoalWriteOptions,
  ): Promise<EnsuredGoal> {
    const answer = await super.upsertByKey(site, wanted, options);
    return this.#apply(answer, answer.created ? 'current' : 'next', options);
  }

  override async update(address: GoalAddress, patch: GoalPatch, options: GoalUpdateOptions): Promise<GoalAnswer> {
    return this.#apply(await super.update(address, patch, options), 'next', options);
  }

  /** While it was deleted nothing was counted; the past makes up for that. */
  override async restore(address: GoalAddress, options: GoalWriteOptions): Promise<GoalAnswer> {
    return this.#apply(await super.restore(address, options), 'next', options);
  }

  async #apply<T extends GoalAnswer>(
    answer: T,
    generation: 'current' | 'next',
    { origin }: GoalWriteOptions,
  ): Promise<T> {
    if (!answer.retroactive) return answer;
    const { id: goal, site_id: site } = answer.goal;
    try {
      await this.#past.applyToPast({ site, goal }, generation, { origin });
    } catch (error) {
      this.#past.onFailed(error);
    }
    return answer;
  }
}
