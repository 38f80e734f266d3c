/** One site as the hot path sees it: goals compiled, the plan built once, versions by revision. */
import { buildPlan, groupLookup } from '../../core/build-plan.ts';
import type { Goal } from '../../core/goal.ts';
import { type CompiledGoal, compileGoal } from '../../core/match-goal.ts';
import type { Plan } from '../../core/plan.ts';
import type { Site, UrlGroup } from '../../core/site.ts';

/** When versions of goals began. */
export interface VersionStart {
  goal_id: string;
  version: number;
  /** The site's revision. */
  revision: number;
}

/** A generation that is being built beside the one that statistics read. */
export interface GenerationInWork {
  goal_id: string;
  generation: number;
}

/** What is read of a site at once. */
export interface SiteSnapshot {
  site: Site;
  /** Undeleted, newest first. */
  goals: readonly Goal[];
  groups: readonly UrlGroup[];
  /** In the order of versions. */
  versions: readonly VersionStart[];
  building: readonly GenerationInWork[];
}

/** An immutable snapshot: a change of the site makes a new entry, so what is derived from one may be kept beside it. */
export class SiteEntry {
  readonly site: Site;
  readonly revision: number;
  /** Undeleted goals, newest first, inactive ones too. */
  readonly goals: readonly CompiledGoal[];
  readonly groups: readonly UrlGroup[];
  readonly #goalsById: ReadonlyMap<string, CompiledGoal>;
  readonly #building: ReadonlyMap<string, number>;
  readonly #starts = new Map<string, VersionStart[]>();
  #plan: Plan | undefined;

  /** `previous` lends what it compiled of goals that did not change. */
  constructor({ site, goals, groups, versions, building }: SiteSnapshot, previous?: SiteEntry) {
    const lender = previous && JSON.stringify(previous.groups) === JSON.stringify(groups) ? previous : undefined;
    this.site = site;
    this.revision = site.revision;
    this.groups = groups;
    this.goals = goals.map((goal) => {
      const lent = lender?.goal(goal.id);
      if (lent?.goal.version === goal.version && lent.goal.generation === goal.generation) return lent;
      return compileGoal(goal, groupLookup(groups));
    });
    this.#goalsById = new Map(this.goals.map((compiled) => [compiled.goal.id, compiled]));
    this.#building = new Map(building.map(({ goal_id, generation }) => [goal_id, generation]));
    for (const start of versions) {
      const starts = this.#starts.get(start.goal_id);
      if (starts === undefined) this.#starts.set(start.goal_id, [start]);
      else starts.push(start);
    }
  }

  /** An undeleted goal by its id. */
  goal(id: string): CompiledGoal | undefined {
    return this.#goalsById.get(id);
  }

  /** The generations a conversion is to be written for: the one statistics read, and one that is being built. */
  generations({ id, generation }: Goal): readonly number[] {
    const building = this.#building.get(id);
    return building === undefined || building === generation ? [generation] : [generation, building];
  }

  /** Whether what was recorded before the goal was saved is still being counted. */
  isPastPending(goalId: string): boolean {
    return this.#building.has(goalId);
  }

  /** What browsers run. */
  get plan(): Plan {
    this.#plan ??= buildPlan(
      this.site,
      this.goals.map((compiled) => compiled.goal),
      this.groups,
    );
    return this.#plan;
  }

  /**
   * The version a browser with the plan of `revision` decided by: the goal's latest that began at or before it. When
   * the goal began later, or the browser had no plan (0), the collector decided, by the current version.
   */
  goalVersionAt(goalId: string, revision: number): number {
    const starts = this.#starts.get(goalId) ?? [];
    const known = starts.findLast((start) => start.revision <= revision) ?? starts.at(-1);
    return known?.version ?? 1;
  }
}
