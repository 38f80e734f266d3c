/** The thread in which recheck judges patterns: its pure build computes for up to seconds and must not hold the server. */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Diagnostics } from 'recheck';
import { PATTERN_JUDGE_IDLE_MS, PATTERN_JUDGE_MS } from '../../core/limits.ts';

/**
 * The thread's program, as text: it runs alike from sources and from the built package. The build of recheck for
 * browsers is pure JavaScript; its main one would look for Java and native programs.
 */
const PROGRAM = `
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
const { checkSync } = createRequire(workerData.from)(workerData.recheck);
parentPort.on('message', ({ source, flags, timeout }) => {
  parentPort.postMessage(checkSync(source, flags, { checker: 'automaton', timeout }));
});
`;

/** A machine with much else to do gives a thread little of its time; after so many times PATTERN_JUDGE_MS it is over anyway. */
const PATIENCE = 6;

/** What the judge was asked. */
export interface Question {
  source: string;
  flags: string;
}

let worker: Worker | undefined;
let idle: NodeJS.Timeout | undefined;
let last: Promise<unknown> = Promise.resolve();

function startWorker(): Worker {
  const started = new Worker(new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`), {
    workerData: { from: import.meta.url, recheck: createRequire(import.meta.url).resolve('recheck/lib/browser.js') },
  });
  started.on('exit', () => {
    if (worker === started) worker = undefined;
  });
  return started;
}

/** Lets the thread wait for more, without keeping the process alive, and ends it when none comes. */
function rest(used: Worker): void {
  used.unref();
  idle = setTimeout(() => used.terminate(), PATTERN_JUDGE_IDLE_MS).unref();
}

/**
 * Calls `end` once when a question has had its time: PATTERN_JUDGE_MS, in which this process was given at least half a
 * processor, for what is slow else is the machine. Answers how to stop watching.
 */
function watchTime(end: () => void): () => void {
  const began = process.cpuUsage();
  let turns = 0;
  const alarm = setInterval(() => {
    turns += 1;
    const { user, system } = process.cpuUsage(began);
    if ((user + system) / 1_000 >= PATTERN_JUDGE_MS / 2 || turns > PATIENCE) end();
  }, PATTERN_JUDGE_MS);
  return () => clearInterval(alarm);
}

/** undefined: no answer in time, or the thread died. */
function judgeNow(question: Question): Promise<Diagnostics | undefined> {
  clearTimeout(idle);
  worker ??= startWorker();
  const used = worker;
  used.ref();
  return new Promise((resolve) => {
    const end = (verdict: Diagnostics | undefined) => {
      stopWatching();
      used.off('message', end).off('error', fail);
      if (verdict) rest(used);
      resolve(verdict);
    };
    const fail = () => {
      if (worker === used) worker = undefined;
      void used.terminate();
      end(undefined);
    };
    const stopWatching = watchTime(fail);
    used.on('message', end).on('error', fail);
    used.postMessage({ ...question, timeout: PATIENCE * PATTERN_JUDGE_MS });
  });
}

/** Asks for a verdict on growth; one question at a time. undefined or `unknown`: undecided in its time. */
export function judgeGrowth(question: Question): Promise<Diagnostics | undefined> {
  const answer = last.then(() => judgeNow(question));
  last = answer;
  return answer;
}
