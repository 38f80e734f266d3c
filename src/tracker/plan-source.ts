/** Where the plan comes from: the collector, another address, or the page itself. */
import type { BeaconAnswer } from '../core/beacon.ts';
import { on } from './listeners.ts';
import { api, options, site } from './options.ts';
import { plan } from './plan-goals.ts';
import { takePlan } from './record.ts';

/** The revision last asked for because the collector's differed: once is enough. */
let asked = 0;

/** Whether an answer is awaited. */
let isLoading = false;

/** Gets the plan and puts it in force. Whatever goes wrong leaves things as they are. */
export async function fetchPlan(cache: RequestCache = 'default'): Promise<void> {
  isLoading = true;
  try {
    const arrived =
      options.goals === 'inline'
        ? JSON.parse(document.querySelector('#goalpost-goals')!.textContent!)
        : await (await fetch(options.goals ?? `${api}/plan/${encodeURIComponent(site)}`, { cache })).json();
    takePlan(arrived);
  } catch {
    // The page goes on without goals; the collector still decides those it can.
  }
  isLoading = false;
}

/** Keeps the plan up to date by what the collector answers. */
export function followRevisions(): void {
  on('answer', ({ r: revision }: BeaconAnswer) => {
    if (isLoading || revision === plan?.r || revision === asked) return;
    asked = revision;
    fetchPlan('reload');
  });
}
