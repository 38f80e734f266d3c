/** Sentences that need attention: what went wrong, what worked, what to do next. */
import type { ComponentChildren } from 'preact';
import type { ApiProblem } from '../api-client.ts';

/** A box with one message; bad ones are read out at once. */
export function Notice({ kind, children }: { kind: 'bad' | 'good' | 'plain'; children: ComponentChildren }) {
  return (
    <div class={`notice notice-${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/** The message of a problem, or nothing. */
export function ProblemNotice({ problem }: { problem: ApiProblem | undefined }) {
  return problem === undefined ? null : <Notice kind="bad">{problem.message}</Notice>;
}

/** What stands where there is nothing yet. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
