/** Submits that wait for proof of success, kept for the next page where anything may be written. */
import { CONFIRM_WAIT_MS } from '../core/limits.ts';
import type { Draft } from './draft.ts';
import { options } from './options.ts';
import { safely } from './safely.ts';

/** The last submit of each goal, by the goal's id: the event, and until when proof is waited for, ms since 1970. */
export let unproven: Record<string, [event: Draft, until_ms: number]> = {};

/** Takes over what the page before was waiting for. */
export const loadUnproven = safely((): void => {
  unproven = JSON.parse(sessionStorage.gp_confirm);
});

/** Begins to wait, or ends it when no event is given. */
export const awaitProof = safely((goal: string, event?: Draft): void => {
  if (event) unproven[goal] = [event, Date.now() + CONFIRM_WAIT_MS];
  else delete unproven[goal];
  delete sessionStorage.gp_confirm;
  if (options.store !== 'none' && Object.keys(unproven)[0]) sessionStorage.gp_confirm = JSON.stringify(unproven);
});
