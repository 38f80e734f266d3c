/**
 * The debugger: loaded by `tracker.explain()` and by `data-debug`, never with the tracker itself. Tells in words which
 * goals are armed, what was seen last, and which goals that met or not, and why.
 */
import type { Plan } from '../../core/plan.ts';
import type { Signal } from '../draft.ts';
import type { TrackerOptions } from '../options.ts';
import { describeSignal } from './describe.ts';
import { armed, concerns, judge } from './verdict.ts';

/** What the tracker tells of itself; the permission is 0 waiting for consent, 1 granted, -1 stopped, the signals oldest first. */
export type Internals = [
  options: TrackerOptions,
  plan: Plan | undefined,
  permission: number,
  isRefused: boolean,
  recent: Signal[],
];

/** A goal as `explain` tells of it. */
export interface ExplainedGoal {
  goal: string;
  isArmed: boolean;
  why: string;
}

/** A signal as `explain` tells of it, with the goals it concerned. */
export interface ExplainedSignal {
  signal: string;
  goals: { goal: string; isMet: boolean; why: string }[];
}

/** What `explain` answers. */
export interface Explanation {
  state: string;
  goals: ExplainedGoal[];
  signals: ExplainedSignal[];
}

const STATES = [
  'stopped: by stop(), a denied consent, an opt-out or a signal of the browser',
  'waiting for consent: nothing is sent or written',
  'running',
];

function stateOf([options, plan, permission, isRefused]: Internals): string {
  const refused = 'refused: automation, Global Privacy Control, Do Not Track or an opt-out of this browser';
  const goals = plan ? `${plan.g.length} goals of revision ${plan.r}` : 'no goals have arrived';
  return `${isRefused ? refused : STATES[permission + 1]}; site ${options.site ?? location.hostname}; ${goals}`;
}

function explainSignal(signal: Signal, plan: Plan): ExplainedSignal {
  const goals = plan.g.filter((goal) => concerns(goal, signal[0].n));
  return {
    signal: describeSignal(signal),
    goals: goals.map((goal) => ({ goal: goal.i, ...judge(goal, signal, plan) })),
  };
}

function print({ signal, goals }: ExplainedSignal): void {
  const lines = goals.map(({ goal, isMet, why }) => `\n  ${isMet ? '✓' : '·'} ${goal}: ${why}`);
  console.info(`goalpost: ${signal}${lines.join('') || '\n  no goal is concerned'}`);
}

/** How often new signals are printed. */
const PRINT_MS = 250;

let isPrinting = false;

/** Explains the tracker's state; with `data-debug` it prints that, and every signal from then on. */
export function explain(look: () => Internals): Explanation {
  const internals = look();
  const [options, plan, , , recent] = internals;
  const goals = plan?.g.map((goal) => {
    const { isMet, why } = armed(goal, plan);
    return { goal: goal.i, isArmed: isMet, why };
  });
  const signals = plan ? recent.map((signal) => explainSignal(signal, plan)) : [];
  const explanation = { state: stateOf(internals), goals: goals ?? [], signals };
  if (/^(true)?$/.test(`${options.debug ?? 'false'}`) && !isPrinting) {
    isPrinting = true;
    console.info(`goalpost: ${explanation.state}`);
    let last: Signal | undefined;
    setInterval(() => {
      const [, current, , , seen] = look();
      if (!current) return;
      for (const signal of seen.slice(seen.indexOf(last!) + 1)) print(explainSignal(signal, current));
      last = seen.at(-1);
    }, PRINT_MS);
  }
  return explanation;
}
