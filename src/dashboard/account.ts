/** Who is logged in, for every view below the app. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Member } from './answers.ts';

/** The member and the way out. */
export interface AccountState {
  member: Member;
  onLogout: () => void;
}

export const AccountContext = createContext<AccountState | undefined>(undefined);

/** The logged-in member. Only views below the app's provider may ask. */
export function useAccount(): AccountState {
  const state = useContext(AccountContext);
  if (state === undefined) throw new Error('Nobody is logged in.');
  return state;
}

/** What the member may change. */
export function useMayEdit(): { goals: boolean; settings: boolean } {
  const { role } = useAccount().member;
  return { goals: role !== 'viewer', settings: role === 'owner' };
}
