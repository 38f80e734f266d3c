/** What the server says of a goal while it is being written: its faults, and what it would have counted. */
import { useEffect, useState } from 'preact/hooks';
import type { PastPreview } from './answers.ts';
import { ApiProblem, request, sitePath } from './api-client.ts';
import { definitionOf, type GoalDraft, valueAt } from './goal-draft.ts';
import { asProblem } from './loaded.ts';

const TYPING_MS = 350;

/** What is known of a draft. */
export interface DraftCheck {
  problem: ApiProblem | undefined;
  /** Of the last draft without a fault. */
  preview: PastPreview | undefined;
  /** Whether the preview is that of the draft as it stands. */
  isCurrent: boolean;
}

/** A draft as the API takes it; it may have no name yet. */
function goalOf(draft: GoalDraft) {
  return { ...definitionOf(draft), name: draft.name.trim() || 'Untitled' };
}

/** Asks a moment after the last key. Faults of fields that are still empty are kept back. Without a site nothing is asked. */
export function useDraftCheck(site: string | null, draft: GoalDraft): DraftCheck {
  const [known, setKnown] = useState<Omit<DraftCheck, 'isCurrent'> & { of: GoalDraft | undefined }>({
    problem: undefined,
    preview: undefined,
    of: undefined,
  });
  useEffect(() => {
    if (site === null) return;
    const { signal, abort } = aborting();
    const timer = setTimeout(() => {
      const body = { goal: goalOf(draft) };
      request<PastPreview>(sitePath(site, 'goals', 'preview'), { method: 'POST', body, signal }).then(
        (preview) => setKnown({ problem: undefined, preview, of: draft }),
        (error: unknown) => {
          if (signal.aborted) return;
          const problem = placed(asProblem(error), draft);
          setKnown((before) => ({ ...before, problem }));
        },
      );
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      abort();
    };
  }, [site, draft]);
  return { problem: known.problem, preview: known.preview, isCurrent: known.of === draft };
}

function aborting(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** The problem at the form's field; undefined while that field is empty. */
function placed(problem: ApiProblem, draft: GoalDraft): ApiProblem | undefined {
  const field = problem.field.replace(/^goal\./, '');
  const standing = valueAt(draft, field);
  if (standing === '' || standing === undefined) return undefined;
  return new ApiProblem(problem.status, { code: problem.code, message: problem.message, field });
}
