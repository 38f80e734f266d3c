/** Regular expressions of a goal: judged before they are stored, the slow ones marked. */
import type { GoalDefinition, Trigger, UrlRule } from '../../core/goal.ts';
import { Problem } from '../../core/problem.ts';
import { judgePattern } from './pattern-judge.ts';

/** Applies `change` to every URL rule of a trigger; `field` is its path in the goal. */
function mapTrigger(trigger: Trigger, change: (rule: UrlRule, field: string) => UrlRule): Trigger {
  if (trigger.type === 'pageview') return { ...trigger, url: change(trigger.url, 'trigger.url') };
  if (trigger.type === 'link_click' && trigger.href) return { ...trigger, href: change(trigger.href, 'trigger.href') };
  if (trigger.type === 'form_submit' && trigger.confirm && 'url' in trigger.confirm) {
    return { ...trigger, confirm: { url: change(trigger.confirm.url, 'trigger.confirm.url') } };
  }
  return trigger;
}

/** Applies `change` to every URL rule of a goal. */
export function mapRules(goal: GoalDefinition, change: (rule: UrlRule, field: string) => UrlRule): GoalDefinition {
  const { include, exclude } = goal.where;
  const mapped = (rules: UrlRule[], name: string): UrlRule[] =>
    rules.map((rule, index) => change(rule, `where.${name}.${index}`));
  return {
    ...goal,
    trigger: mapTrigger(goal.trigger, change),
    where: {
      ...(include && { include: mapped(include, 'include') }),
      ...(exclude && { exclude: mapped(exclude, 'exclude') }),
    },
  };
}

/** Every URL rule of a goal, with its path in it. */
export function goalRules(goal: GoalDefinition): { rule: UrlRule; field: string }[] {
  const rules: { rule: UrlRule; field: string }[] = [];
  mapRules(goal, (rule, field) => {
    rules.push({ rule, field });
    return rule;
  });
  return rules;
}

/** Judgements by pattern; false: fast, true: slow. */
export type Judgements = Map<string, boolean>;

/** What stored rules already say of their patterns, so that an unchanged pattern is not judged again. */
export function knownJudgements(rules: readonly UrlRule[]): Judgements {
  return new Map(rules.filter((rule) => rule.match === 'regex').map((rule) => [rule.value, rule.slow === true]));
}

/**
 * Judges the patterns that are not in `known` yet, into it. It takes up to seconds and so happens before the
 * transaction. Throws `invalid_field` with the rule's path for a pattern that could freeze a page.
 */
export async function judgeRules(rules: { rule: UrlRule; field: string }[], known: Judgements): Promise<void> {
  for (const { rule, field } of rules) {
    if (rule.match !== 'regex' || known.has(rule.value)) continue;
    const { degree } = await judgePattern(rule.value, `${field}.value`);
    known.set(rule.value, degree === 'second');
  }
}

/** The rule as it is stored. Throws `conflict` when its pattern came up only after judging. */
export function markSlow(rule: UrlRule, known: Judgements): UrlRule {
  const { slow: _, ...plain } = rule;
  if (rule.match !== 'regex') return plain;
  const slow = known.get(rule.value);
  if (slow === undefined) throw new Problem('conflict', 'The goal was changed by somebody else at the same moment.');
  return slow ? { ...plain, slow: true } : plain;
}
