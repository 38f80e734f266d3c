/** All sites, with what the last seven days brought to each. */
import { useMayEdit } from '../account.ts';
import type { GoalStats, Site } from '../answers.ts';
import { sitePath } from '../api-client.ts';
import { count } from '../format.ts';
import { useLoaded } from '../loaded.ts';
import { Frame } from '../parts/frame.tsx';
import { Empty, ProblemNotice } from '../parts/notice.tsx';
import { numeric, Table } from '../parts/table.tsx';
import { siteAddress } from '../router.ts';

/** The list; without any site it invites to add the first. */
export function SitesView() {
  const { data, problem } = useLoaded<{ sites: Site[] }>('/api/sites');
  const may = useMayEdit();
  const add = may.settings && (
    <a class="button primary" href="/sites/new">
      Add a site
    </a>
  );
  return (
    <Frame title="Sites" actions={data && data.sites.length > 0 ? add : undefined}>
      <ProblemNotice problem={problem} />
      {data?.sites.length === 0 && (
        <Empty title="Which site shall we watch?">
          <p>Add its address, put one line into its pages, and name what visitors should do there.</p>
          {add}
        </Empty>
      )}
      {data && data.sites.length > 0 && (
        <Table
          look="stack lead-first"
          caption="Sites and their last seven days"
          columns={['Site', numeric('Goals'), numeric('Visitors, 7 days'), numeric('Conversions, 7 days')]}
        >
          {data.sites.map((site) => (
            <SiteRow key={site.id} site={site} />
          ))}
        </Table>
      )}
    </Frame>
  );
}

function SiteRow({ site }: { site: Site }) {
  const { data } = useLoaded<{ goals: GoalStats[] }>(`${sitePath(site.id, 'goals', 'stats')}`);
  const goals = data?.goals;
  const conversions = goals?.reduce((sum, goal) => sum + goal.conversions, 0);
  return (
    <tr>
      <th scope="row">
        <a class="row-link" href={siteAddress(site.domains[0] ?? site.id)}>
          {site.name}
        </a>
        <span class="row-detail">{site.domains.join(', ')}</span>
      </th>
      <td class="number" data-label="Goals">
        {goals === undefined ? '…' : count(goals.length)}
      </td>
      <td class="number" data-label="Visitors, 7 days">
        {goals === undefined ? '…' : goals[0] ? count(goals[0].total_visitors) : '–'}
      </td>
      <td class="number strong" data-label="Conversions, 7 days">
        {conversions === undefined ? '…' : count(conversions)}
      </td>
    </tr>
  );
}
