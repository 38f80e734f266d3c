/** Who looks, for every view below the app: a member, or somebody with a share link; and where addresses begin for them. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Member, SharedSite } from './answers.ts';
import { sharedAddress, siteAddress } from './router.ts';

/** Whoever looks, and the way out. */
export interface AccountState {
  /** null: somebody with a share link. */
  member: Member | null;
  /** The share link's secret, where that is what opens the view. */
  shareToken?: string;
  onLogout: () => void;
}

export const AccountContext = createContext<AccountState | undefined>(undefined);

/** Whoever looks. Only views below the app's provider may ask. */
export function useAccount(): AccountState {
  const state = useContext(AccountContext);
  if (state === undefined) throw new Error('Nobody is logged in.');
  return state;
}

/** The logged-in member; only views of members may ask. */
export function useMember(): Member {
  const { member } = useAccount();
  if (member === null) throw new Error('Nobody is logged in.');
  return member;
}

/** What whoever looks may see and change. */
export function useMayEdit(): { goals: boolean; settings: boolean; details: boolean } {
  const role = useAccount().member?.role;
  return { goals: role === 'owner' || role === 'editor', settings: role === 'owner', details: role !== undefined };
}

/** Addresses of a site's views, as they begin for whoever looks. */
export function useSiteAddress(site: Pick<SharedSite, 'id' | 'domains'>): (...parts: string[]) => string {
  const { shareToken } = useAccount();
  if (shareToken !== undefined) return (...parts) => sharedAddress(shareToken, ...parts);
  return (...parts) => siteAddress(site.domains[0] ?? site.id, ...parts);
}
