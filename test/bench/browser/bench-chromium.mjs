/** Chromium as a visitor's: headless without saying so, and what it tells of processor time and memory. */
import { chromium } from '@playwright/test';
import { systemChromium } from '../../../e2e/system-browser.mjs';

const HEADFUL =
  '--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** Starts the browser. Several scripts measured here ignore one that says it is driven by a program. */
export async function launchChromium() {
  const executablePath = systemChromium();
  return chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    chromiumSandbox: process.getuid?.() !== 0,
    args: [HEADFUL, '--disable-blink-features=AutomationControlled'],
  });
}

/** A new visitor's page with empty caches. `threadMs` is processor time of its main thread. */
export async function openVisitor(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  return {
    page,
    /** Begins to count; a page of the same site must be open, since another site is another process. */
    count: () => session.send('Performance.enable', { timeDomain: 'threadTicks' }),
    async threadMs() {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'ThreadTime').value * 1_000;
    },
    /** Kilobytes of JavaScript objects after a collection. */
    async heapKb() {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize / 1_000;
    },
    close: () => context.close(),
  };
}

/**
 * Records what the browser says of scripts and DOM events while `act` runs.
 * @returns its events; `tdur` is processor time in microseconds.
 */
export async function traced(browser, act) {
  const session = await browser.newBrowserCDPSession();
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) if (event.ph === 'X' && event.tdur !== undefined) events.push(event);
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline'], excludedCategories: ['*'] },
  });
  await act();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return events;
}
