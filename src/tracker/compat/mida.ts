/** Page code of Mida: `mida.track/revenue/identify/grantConsent`, `mdq.push([…])` and `mida-event`. */
import { attribute, observeMarkup } from './markup.ts';
import { page, replay, tracker } from './page-tracker.ts';

/** A revenue may be said as amount and currency, or as one object. */
type Money = number | string | { amount?: number | string; value?: number | string; currency?: string };

/** Takes over `window.mida` and `window.mdq`. */
export function mapMida(): void {
  const mida: Record<string, (...given: never[]) => unknown> = {
    track: (name: string, properties?: Record<string, unknown>) => tracker().track(name, properties),
    revenue: (money: Money, currency?: string) =>
      tracker().track(
        'revenue',
        money && typeof money === 'object' ? money : { amount: money, ...(currency ? { currency } : {}) },
      ),
    identify: (id: string) => tracker().identify(id),
    grantConsent: () => tracker().consent(true),
  };
  const call = (method: string, ...given: never[]): unknown => mida[method]?.(...given);
  const { mdq } = page;
  page.mida = { ...(page.mida as object | undefined), ...mida };
  page.mdq = { push: (...calls: never[][]) => replay(calls, call) };
  replay(mdq as unknown[] | undefined, call);
  observeMarkup(
    (element) => {
      const name = attribute(element, 'mida-event');
      return name ? { name, properties: {} } : undefined;
    },
    ({ name }) => tracker().track(name),
  );
}
