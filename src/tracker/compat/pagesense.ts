/** Page code of PageSense: `pagesense.push(['trackEvent', name])`. */
import { page, replay, tracker } from './page-tracker.ts';

/** Takes over `window.pagesense`. */
export function mapPagesense(): void {
  const before = page.pagesense as unknown[] | undefined;
  const call = (method: string, name: string, amount?: number): void => {
    if (method === 'trackEvent') tracker().track(name, amount);
  };
  page.pagesense = { push: (...calls: unknown[]) => replay(calls as unknown[][], call) };
  replay(before, call);
}
