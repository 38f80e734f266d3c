/** Whether conversions arrive: clicks that leave while the collector is slow, one refused with 503, requests a view. */
import { launchChromium, openVisitor, traced } from './bench-chromium.mjs';

const LATE_MS = 1_500;
/** A visitor who left stays so long on the other page, which has no script; then the browser closes. */
const GONE_MS = 3_000;
/** So long a page stays open after its conversion was refused, and the page after it. */
const PATIENT_MS = 12_000;
const NEXT_PAGE_MS = 5_000;
/** So long a view may take to send what it sends by itself. */
const VIEW_MS = 5_000;

/** Runs a task for each item, `lanes` at a time, in order. */
async function inLanes(items, lanes, task) {
  const results = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await task(items[at], at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  return results;
}

/** Opens the page of a mark as a new visitor and waits until the script knows what it asks for at the start. */
async function arrive(browser, servers, { subject, mark }) {
  const visitor = await openVisitor(browser);
  const asked = subject.ready && visitor.page.waitForResponse((response) => subject.ready.test(response.url()));
  await visitor.page.goto(servers.page(subject, mark));
  const answer = await asked;
  await answer?.finished();
  // The script takes an answer in a task after it came.
  await visitor.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  return visitor;
}

/** One visitor clicks the link and is gone; true when the conversion reached the collector before the browser closed. */
async function leave(browser, servers, visit) {
  const visitor = await arrive(browser, servers, visit);
  try {
    await visitor.page.click('#leave');
    await visitor.page.waitForURL('**/elsewhere');
    if (visit.subject.code === undefined) return false;
    return await servers.seen(visit.subject, visit.mark, { count: 1, within_ms: GONE_MS });
  } finally {
    await visitor.close();
  }
}

/** Leaving clicks: how many arrived, and the processor time of each click's listeners in milliseconds. */
export async function measureLeaving(servers, subjects, { clicks }) {
  const browser = await launchChromium();
  servers.delay_ms = LATE_MS;
  const results = new Map();
  try {
    for (const subject of subjects) {
      // Without a script there is nothing to arrive: a few clicks tell what a click costs by itself.
      const length = subject.code === undefined ? Math.min(clicks, 5) : clicks;
      const visits = Array.from({ length }, (_, at) => ({ subject, mark: `leave_${subject.path}_${at}` }));
      let arrived = [];
      const events = await traced(browser, async () => {
        arrived = await inLanes(visits, 5, (visit) => leave(browser, servers, visit));
      });
      const handled = events.filter(({ name, args }) => name === 'EventDispatch' && args.data?.type === 'click');
      results.set(subject.name, {
        arrived: arrived.filter(Boolean).length,
        clicks,
        click_ms: handled.map(({ tdur }) => tdur / 1_000),
      });
    }
  } finally {
    servers.delay_ms = 0;
    await browser.close();
  }
  return results;
}

/** One conversion is refused: was it sent again, from which page, and by the same id? */
async function refuse(browser, servers, { subject, mark }) {
  servers.refused.add(mark);
  const visitor = await arrive(browser, servers, { subject, mark });
  try {
    await visitor.page.click('#stay');
    const first = await servers.seen(subject, mark, { count: 1, within_ms: PATIENT_MS });
    if (!first) return { again: 'never came' };
    let again = await servers.seen(subject, mark, { count: 2, within_ms: PATIENT_MS });
    let from = 'page';
    if (!again) {
      from = 'next page';
      await visitor.page.goto(servers.page(subject, mark));
      again = await servers.seen(subject, mark, { count: 2, within_ms: NEXT_PAGE_MS });
    }
    const ids = servers.conversions(subject, mark).map((request) => request.idOf(mark));
    return { again: again ? from : 'no', ids: new Set(ids).size, known: ids[0] !== undefined };
  } finally {
    await visitor.close();
  }
}

/** One 503 for each of `repeats` visitors of every subject, all subjects in turn. */
export async function measureRefusal(servers, subjects, { repeats }) {
  const browser = await launchChromium();
  const visits = Array.from({ length: repeats }, (_, at) =>
    subjects.map((subject) => ({ subject, mark: `refuse_${subject.path}_${at}` })),
  ).flat();
  try {
    const results = await inLanes(visits, 8, (visit) => refuse(browser, servers, visit));
    return new Map(
      subjects.map((subject) => [subject.name, results.filter((_, at) => visits[at].subject === subject)]),
    );
  } finally {
    await browser.close();
  }
}

/** Requests that a first view makes and that a second makes, besides the page and the script. */
async function countRequests(browser, servers, subject) {
  const visitor = await openVisitor(browser);
  const made = () => servers.requests.filter(({ path, url }) => path === subject.path && !url.endsWith('/tracker.js'));
  const before = made().length;
  try {
    await visitor.page.goto(servers.page(subject, 'view'));
    await new Promise((resolve) => setTimeout(resolve, VIEW_MS));
    const first = made().slice(before);
    // What the page says as it is left belongs to no view: only what the second sends once it is there counts.
    await visitor.page.goto('about:blank');
    await visitor.page.goto(`${servers.pages}/elsewhere`);
    const left = made().length;
    await visitor.page.goto(servers.page(subject, 'view'));
    await new Promise((resolve) => setTimeout(resolve, VIEW_MS));
    const second = made().slice(left);
    return {
      first: first.map(({ method, url }) => `${method} ${url}`),
      second: second.map(({ method, url }) => `${method} ${url}`),
    };
  } finally {
    await visitor.close();
  }
}

/** Requests a view, of every subject at once. */
export async function measureRequests(servers, subjects) {
  const browser = await launchChromium();
  try {
    const counts = await Promise.all(subjects.map((subject) => countRequests(browser, servers, subject)));
    return new Map(subjects.map(({ name }, at) => [name, counts[at]]));
  } finally {
    await browser.close();
  }
}
