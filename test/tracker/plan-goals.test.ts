/** Goals are filed by what their selector needs: whatever matches is always among the candidates. */
// @vitest-environment happy-dom
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { neededName } from '../../src/core/needed-name.ts';
import type { PlanGoal } from '../../src/core/plan.ts';
import { armPlan, goalsOf, keysOfElements } from '../../src/tracker/plan-goals.ts';

describe('candidates', () => {
  const elementsOf = (html: string): Element[] => {
    document.body.innerHTML = html;
    const path: Element[] = [];
    for (let at = document.body.querySelector('.target'); at; at = at.parentElement) path.push(at);
    return path;
  };
  const goal = (s: string): PlanGoal => ({ i: s, t: 2, s, h: [neededName(s) ?? '$click'] });
  /** As a click asks: goals that any element may meet, and those that name one of these. */
  const candidatesOf = (path: Element[]): PlanGoal[] => [
    ...new Set(['$click', ...keysOfElements(path)].flatMap(goalsOf)),
  ];

  beforeEach(() => armPlan({ v: 1, r: 1, g: [] }));

  test('an element click meets only the goals it may concern', () => {
    const path = elementsOf(
      '<main id="Top"><section class="card big"><button data-x="1" class="target">x</button></section></main>',
    );
    const near = ['#Top', '.card', '.big', 'button', 'main', '[data-x]', 'a, button', ':not(b)', '[data-y]'];
    armPlan({ v: 1, r: 1, g: [...near, '#other', '.other', 'a'].map(goal) });
    expect(
      candidatesOf(path)
        .map(({ i }) => i)
        .sort(),
    ).toEqual([...near].sort());
  });

  test('goals are found by their signals and by their ids', () => {
    armPlan({ v: 1, r: 1, g: [{ i: 'goal_1', t: 8, h: ['$click', '$submit'] }] });
    for (const key of ['$click', '$submit', 'goal_1']) expect(goalsOf(key).map(({ i }) => i)).toEqual(['goal_1']);
    expect(goalsOf('$time')).toEqual([]);
  });

  test('a plan that is none leaves the last in force', () => {
    armPlan({ v: 1, r: 7, g: [goal('.a')] });
    expect(() => armPlan({ v: 1, r: 8 } as never)).toThrow();
    expect(goalsOf('a')).toHaveLength(1);
  });

  test('whatever the browser says matches is among the candidates', () => {
    const name = fc.constantFrom('a', 'b', 'Main', 'x-y', 'data-z');
    const compound = fc.oneof(
      name.map((n) => `.${n}`),
      name.map((n) => `#${n}`),
      fc.constantFrom('b', 'i', 'u', 'B', '*'),
      name.map((n) => `[${n}]`),
      fc.tuple(name, name).map(([n, m]) => `i.${n}[${m}="1"]:first-child`),
      name.map((n) => `:not(.${n})`),
    );
    const selector = fc
      .tuple(compound, fc.constantFrom(' ', ' > ', ' + ', ', '), compound)
      .map(([first, combinator, second]) => first + combinator + second);
    const element = fc.record({
      tag: fc.constantFrom('b', 'i', 'u'),
      id: name,
      names: fc.array(name),
      attribute: name,
    });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(selector, compound), { minLength: 1 }),
        fc.array(element, { minLength: 1 }),
        (selectors, parts) => {
          const html = parts.reduceRight(
            (inner, { tag, id, names, attribute }, n) =>
              `<${tag} id="${id}" class="${names.join(' ')} ${n === parts.length - 1 ? 'target' : ''}" ${attribute}="1">${inner}</${tag}>`,
            '',
          );
          const path = elementsOf(html);
          armPlan({ v: 1, r: 1, g: selectors.map(goal) });
          const candidates = new Set(candidatesOf(path).map(({ i }) => i));
          for (const one of selectors) {
            if (path.some((at) => at.matches(one))) expect(candidates).toContain(one);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
