/** How far the counting of what happened before a goal was saved is; nothing once it is done. */
import { useEffect, useRef } from 'preact/hooks';
import type { PastProgress } from '../answers.ts';
import { useLoaded } from '../loaded.ts';
import { Notice } from './notice.tsx';

const AGAIN_MS = 1_000;

/** Asks again while it runs; `onDone` hears when it has ended, so that the numbers are loaded anew. */
export function PastProgressBar({ path, onDone }: { path: string; onDone: () => void }) {
  const { data, reload } = useLoaded<PastProgress>(`${path}/backfill`);
  const ran = useRef('no');
  const heard = useRef(onDone);
  heard.current = onDone;
  useEffect(() => {
    if (data === undefined) return;
    if (data.state === 'running') {
      ran.current = 'yes';
      const timer = setTimeout(reload, AGAIN_MS);
      return () => clearTimeout(timer);
    }
    if (ran.current === 'yes') heard.current();
    ran.current = 'no';
  }, [data, reload]);
  if (data?.state === 'failed') {
    return <Notice kind="bad">What happened before this goal was saved could not be counted. Save it again.</Notice>;
  }
  if (data?.state !== 'running') return null;
  return (
    <div class="past-progress" role="status">
      <label>
        <span>Counting what happened before this goal was saved…</span>
        <progress max={1} value={data.progress} />
      </label>
    </div>
  );
}
