/** What a script costs a page that loads: evaluation, main thread and memory, each beside the page without one. */
import { launchChromium, openVisitor, traced } from './bench-chromium.mjs';

/** What a page does in its first one and a half seconds after `load` is counted as loading: batches go after one. */
const SETTLED_MS = 1_500;

/** One first visit, caches empty. */
async function visit(browser, servers, subject) {
  const visitor = await openVisitor(browser);
  try {
    // The process has begun and the first page's fonts and styles are there: what follows is the page's own.
    await visitor.page.goto(`${servers.pages}/elsewhere`);
    await visitor.count();
    const before_ms = await visitor.threadMs();
    const events = await traced(browser, async () => {
      await visitor.page.goto(servers.page(subject, 'load'));
      // The time is what is measured: whatever the script does within it counts.
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
    });
    const load_ms = (await visitor.threadMs()) - before_ms;
    const evaluated = events.filter(
      ({ name, args }) => name === 'EvaluateScript' && args.data?.url?.endsWith('/tracker.js'),
    );
    const evaluation_ms = evaluated.reduce((sum, { tdur }) => sum + tdur / 1_000, 0);
    return { load_ms, evaluation_ms, heap_kb: await visitor.heapKb() };
  } finally {
    await visitor.close();
  }
}

/** Visits by every subject in turn, `rounds` times; the first round warms the browser up and is not kept. */
export async function measureLoad(servers, subjects, { rounds }) {
  const browser = await launchChromium();
  const samples = new Map(subjects.map((subject) => [subject.name, []]));
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const subject of subjects) {
        const sample = await visit(browser, servers, subject);
        if (round > 0) samples.get(subject.name).push(sample);
      }
    }
  } finally {
    await browser.close();
  }
  return samples;
}
