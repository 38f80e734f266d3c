/** What whoever has a share link sees: goals and funnels of one site, without any way to change them. */
import { AccountContext } from '../account.ts';
import type { SharedSite } from '../answers.ts';
import { useLoaded } from '../loaded.ts';
import { Frame } from '../parts/frame.tsx';
import { Mark } from '../parts/mark.tsx';
import { Notice } from '../parts/notice.tsx';
import { type SitePlace, sharedAddress } from '../router.ts';
import { FunnelsView } from './funnels-view.tsx';
import { GoalView } from './goal-view.tsx';
import { GoalsView } from './goals-view.tsx';

/** Finds the view; a link that was revoked says so. */
export function SharedViews({ token, shown }: { token: string; shown: SitePlace | undefined }) {
  const { data: site, problem } = useLoaded<SharedSite>('/api/share');
  if (problem !== undefined) return <NoLink message={problem.message} isOver={problem.status === 401} />;
  if (site === undefined) return null;
  return (
    <AccountContext.Provider value={{ member: null, shareToken: token, onLogout: () => {} }}>
      <SharedView site={site} token={token} shown={shown} />
    </AccountContext.Provider>
  );
}

function SharedView({ site, token, shown }: { site: SharedSite; token: string; shown: SitePlace | undefined }) {
  switch (shown?.view) {
    case 'goals':
      return <GoalsView site={site} />;
    case 'funnels':
      return <FunnelsView site={site} />;
    case 'goal':
      return <GoalView site={site} goalId={shown.goal} key={shown.goal} />;
    default:
      return (
        <Frame title="Not part of what is shared" site={site}>
          <p>
            This link shows goals and funnels. <a href={sharedAddress(token)}>See the goals</a>.
          </p>
        </Frame>
      );
  }
}

function NoLink({ message, isOver }: { message: string; isOver: boolean }) {
  return (
    <main class="alone">
      <div class="card">
        <p class="brand">
          <Mark />
          <span>Goalpost</span>
        </p>
        <h1>{isOver ? 'This link has ended' : 'Nothing to see'}</h1>
        {isOver ? (
          <p>It was revoked or has expired. Ask whoever sent it for a new one.</p>
        ) : (
          <Notice kind="bad">{message}</Notice>
        )}
      </div>
    </main>
  );
}
