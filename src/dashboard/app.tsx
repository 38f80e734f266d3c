/** The whole dashboard: who is logged in decides what is shown, the address decides which view. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { AccountContext } from './account.ts';
import type { Account } from './answers.ts';
import { presentShareToken, rememberCsrfToken, request, whenLoggedOut } from './api-client.ts';
import { asProblem } from './loaded.ts';
import { Frame } from './parts/frame.tsx';
import { Notice } from './parts/notice.tsx';
import { go, type Place, placeOf, useAddress } from './router.ts';
import { AccountView } from './views/account-view.tsx';
import { JoinView } from './views/join-view.tsx';
import { LoginView } from './views/login-view.tsx';
import { MembersView } from './views/members-view.tsx';
import { NewSiteView } from './views/new-site-view.tsx';
import { SharedViews } from './views/shared-views.tsx';
import { SiteViews } from './views/site-views.tsx';
import { SitesView } from './views/sites-view.tsx';

/** Shows the view of the address, after asking once who is logged in. */
export function App() {
  const address = useAddress();
  const place = placeOf(address);
  // Before anything below asks: who opens a link sees what the link shows, though they may be logged in.
  presentShareToken(place.view === 'shared' ? place.token : null);
  const [account, setAccount] = useState<Account>();
  const [failure, setFailure] = useState<string>();
  const accept = useCallback((found: Account) => {
    rememberCsrfToken(found.csrf_token);
    setAccount(found);
  }, []);
  useEffect(() => {
    whenLoggedOut(() => accept({ member: null, csrf_token: null, needs_setup: false }));
    request<Account>('/api/account').then(accept, (error: unknown) => setFailure(asProblem(error).message));
  }, [accept]);
  if (failure !== undefined) return <Alone>{<Notice kind="bad">{failure}</Notice>}</Alone>;
  if (account === undefined) return null;
  if (place.view === 'shared') return <SharedViews token={place.token} shown={place.shown} key={place.token} />;
  if (place.view === 'setup' || place.view === 'join') {
    return <JoinView kind={place.view} token={place.token} onJoined={(joined) => enter(joined, accept)} />;
  }
  if (account.member === null) {
    const target = place.view === 'login' ? '/' : address;
    return <LoginView needsSetup={account.needs_setup} onLogin={(found) => enter(found, accept, target)} />;
  }
  return (
    <AccountContext.Provider value={{ member: account.member, onLogout: () => leave(accept) }}>
      <PlaceView place={place} onAccount={accept} />
    </AccountContext.Provider>
  );
}

function enter(account: Account, accept: (account: Account) => void, address = '/'): void {
  accept(account);
  go(address, { replace: true });
}

function leave(accept: (account: Account) => void): void {
  request('/api/account/logout', { method: 'POST' })
    .catch(() => undefined)
    .then(() => {
      accept({ member: null, csrf_token: null, needs_setup: false });
      go('/login');
    });
}

function PlaceView({ place, onAccount }: { place: Place; onAccount: (account: Account) => void }) {
  switch (place.view) {
    case 'sites':
    case 'login':
      return <SitesView />;
    case 'new-site':
      return <NewSiteView />;
    case 'members':
      return <MembersView />;
    case 'account':
      return <AccountView onAccount={onAccount} />;
    case 'setup':
    case 'join':
    case 'shared':
    case 'unknown':
      return (
        <Frame title="Nothing here">
          <p>
            This address has no view. <a href="/">Go to your sites</a>.
          </p>
        </Frame>
      );
    default:
      return <SiteViews place={place} key={place.site} />;
  }
}

function Alone({ children }: { children: preact.ComponentChildren }) {
  return <main class="alone">{children}</main>;
}
