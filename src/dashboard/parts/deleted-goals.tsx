/** Goals that were deleted, each with a way back. */
import type { Goal } from '../answers.ts';
import { request, sitePath } from '../api-client.ts';
import { moment } from '../format.ts';
import { useLoaded, useSending } from '../loaded.ts';
import { triggerWords } from '../trigger-words.ts';
import { ProblemNotice } from './notice.tsx';
import { Table, unseen } from './table.tsx';

/** Closed at first, and nothing at all where nothing was deleted. `onRestored` is told that a goal is back. */
export function DeletedGoals({ site, onRestored }: { site: string; onRestored: () => void }) {
  const { data, reload } = useLoaded<{ goals: Goal[] }>(`${sitePath(site, 'goals')}?deleted=true`);
  const { busy, problem, send } = useSending();
  if (data === undefined || data.goals.length === 0) return null;
  const restore = (id: string) =>
    send(async () => {
      await request(sitePath(site, 'goals', id, 'restore'), { method: 'POST' });
      reload();
      onRestored();
    });
  return (
    <details class="versions">
      <summary>
        Deleted goals <span class="quiet">({data.goals.length})</span>
      </summary>
      <ProblemNotice problem={problem} />
      <Table look="stack" columns={['Goal', 'Deleted', unseen('Bring back')]}>
        {data.goals.map(({ id, name, trigger, deleted_at }) => (
          <tr key={id}>
            <th scope="row">
              {name}
              <span class="row-detail">{triggerWords(trigger)}</span>
            </th>
            <td data-label="Deleted">{deleted_at !== null && moment(deleted_at)}</td>
            <td>
              <button type="button" class="plain" onClick={() => restore(id)} aria-disabled={busy}>
                Bring back<span class="hidden"> {name}</span>
              </button>
            </td>
          </tr>
        ))}
      </Table>
    </details>
  );
}
