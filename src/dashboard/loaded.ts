/** Data of a view: loaded when its address changes, kept on the screen while newer data is on its way. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { ApiProblem, request } from './api-client.ts';

/** What is known of a resource. */
export interface Loaded<T> {
  /** The last answer; undefined before the first. */
  data: T | undefined;
  problem: ApiProblem | undefined;
  loading: boolean;
  /** Asks again. */
  reload: () => void;
}

/** Loads a path of the API and follows its changes; null loads nothing. */
export function useLoaded<T>(path: string | null): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({ data: undefined, problem: undefined, loading: true });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === null) return;
    const controller = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    request<T>(path, { signal: controller.signal }).then(
      (data) => setState({ data, problem: undefined, loading: false }),
      (error: unknown) => {
        if (controller.signal.aborted) return;
        setState((before) => ({ ...before, problem: asProblem(error), loading: false }));
      },
    );
    return () => controller.abort();
  }, [path, round]);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  return { ...state, reload };
}

/** Anything thrown, as a problem that can be shown. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(0, { code: 'internal', message: 'Something went wrong in this page; load it again.' });
}

/** Something that is being sent. */
export interface Sending {
  busy: boolean;
  problem: ApiProblem | undefined;
  /** Runs the work unless it runs already, and keeps what it throws. */
  send: (work: () => Promise<void>) => void;
}

/**
 * The state of a form's request. Buttons show `busy` as `aria-disabled`: one that is disabled would lose the focus of
 * whoever pressed it by keyboard, and `send` does nothing meanwhile anyway.
 */
export function useSending(): Sending {
  const [state, setState] = useState<{ busy: boolean; problem: ApiProblem | undefined }>({
    busy: false,
    problem: undefined,
  });
  const send = (work: () => Promise<void>) => {
    if (state.busy) return;
    setState({ busy: true, problem: undefined });
    work().then(
      () => setState({ busy: false, problem: undefined }),
      (error: unknown) => setState({ busy: false, problem: asProblem(error) }),
    );
  };
  return { ...state, send };
}
