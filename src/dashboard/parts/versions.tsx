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
      <Table columns={[numeric('No.'), 'Name and trigger', 'When', 'Who']}>
        {data.versions.map(({ version, goal, deleted, actor_name, at }) => (
          <tr key={version}>
            <td class="number">{version}</td>
            <th scope="row">
              {goal.name}
              {deleted && <span class="tag">deleted</span>}
              <span class="row-detail">{triggerWords(goal.trigger)}</span>
            </th>
            <td>{moment(at)}</td>
            <td class="break">{actor_name}</td>
          </tr>
        ))}
      </Table>
    </details>
  );
}
