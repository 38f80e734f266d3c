/** Page code of Sparklytics: `sparklytics.track/identify/reset`. */
import { page, tracker } from './page-tracker.ts';

/** Takes over `window.sparklytics`. */
export function mapSparklytics(): void {
  page.sparklytics = {
    track: (name: string, properties?: Record<string, unknown>) => tracker().track(name, properties),
    identify: (id: string) => tracker().identify(id),
    reset: () => tracker().identify(null),
  };
}
