/** The views of one site: loads the site once, then shows what the address asks for. */
import type { Site } from '../answers.ts';
import { sitePath } from '../api-client.ts';
import { useLoaded } from '../loaded.ts';
import { Frame } from '../parts/frame.tsx';
import { Notice } from '../parts/notice.tsx';
import type { SitePlace } from '../router.ts';
import { FunnelsView } from './funnels-view.tsx';
import { GoalEditorView } from './goal-editor-view.tsx';
import { GoalView } from './goal-view.tsx';
import { GoalsView } from './goals-view.tsx';
import { InstallView } from './install-view.tsx';
import { LiveView } from './live-view.tsx';
import { SettingsView } from './settings-view.tsx';

/** Finds the view of a place. */
export function SiteViews({ place }: { place: SitePlace }) {
  const { data: site, problem, reload } = useLoaded<Site>(sitePath(place.site));
  if (problem !== undefined && site === undefined) {
    return (
      <Frame title="No such site" crumb={<a href="/">Sites</a>}>
        <Notice kind="bad">{problem.message}</Notice>
      </Frame>
    );
  }
  if (site === undefined) return null;
  const options = { site, onSiteChange: reload };
  switch (place.view) {
    case 'goals':
      return <GoalsView {...options} />;
    case 'funnels':
      return <FunnelsView {...options} />;
    case 'goal':
      return <GoalView {...options} goalId={place.goal} key={place.goal} />;
    case 'new-goal':
      return <GoalEditorView {...options} />;
    case 'edit-goal':
      return <GoalEditorView {...options} goalId={place.goal} key={place.goal} />;
    case 'live':
      return <LiveView {...options} />;
    case 'install':
      return <InstallView {...options} />;
    case 'settings':
      return <SettingsView {...options} />;
  }
}
