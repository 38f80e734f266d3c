/** How a goal was defined over time, and who changed it. */
import type { GoalVersion } from '../answers.ts';
import { moment } from '../format.ts';
import { useLoaded } from '../loaded.ts';
import { triggerWords } from '../trigger-words.ts';
import { numeric, Table } from './table.tsx';

/** Closed at first: few look for it. */
export function Versions({ path }: { path: string }) {
  const { data } = useLoaded<{ versions: GoalVersion[] }>(`${path}/versions`);
  if (data === undefined) return null;
  return (
    <details class="versions">
      <summary>
        Versions <span class="quiet">({data.versions.length})</span>
      </summary>
      <Table look="stack" columns={['Name and trigger', numeric('No.'), 'When', 'Who']}>
        {data.versions.map(({ version, goal, deleted, actor_name, at }) => (
          <tr key={version}>
            <th scope="row">
              {goal.name}
              {deleted && <span class="tag">deleted</span>}
              <span class="row-detail">{triggerWords(goal.trigger)}</span>
            </th>
            <td class="number" data-label="No.">
              {version}
            </td>
            <td data-label="When">{moment(at)}</td>
            <td class="break" data-label="Who">
              {actor_name}
            </td>
          </tr>
        ))}
      </Table>
    </details>
  );
}
