/** What a click on a deep element costs that meets no goal, as a multiple of the same click on a page without script. */
import { launchChromium, openVisitor } from './bench-chromium.mjs';

/** A batch should take about so long, milliseconds of processor time: a hundred times what asking for the time takes. */
const BATCH_MS = 60;
const FEWEST_CLICKS = 10;
const MOST_CLICKS = 10_000;

/** Clicks, and lets what the script put off until later run. */
function clickOften(count) {
  const element = document.querySelector('#deep');
  for (let at = 0; at < count; at += 1) element.click();
  return new Promise((resolve) => setTimeout(resolve, 20));
}

/** Processor time of one click, microseconds. Garbage of the batch before is no part of it. */
async function clickMicroseconds(visitor, count) {
  await visitor.heapKb();
  const before_ms = await visitor.threadMs();
  await visitor.page.evaluate(clickOften, count);
  return (((await visitor.threadMs()) - before_ms) * 1_000) / count;
}

/** Opens a subject's page, lets the compiler see its listeners, and finds how many clicks make a batch. */
async function openPage(browser, servers, subject) {
  const visitor = await openVisitor(browser);
  const asked = subject.ready && visitor.page.waitForResponse((response) => subject.ready.test(response.url()));
  await visitor.page.goto(servers.page(subject, 'click'));
  await asked;
  await visitor.count();
  await clickMicroseconds(visitor, FEWEST_CLICKS);
  const click_us = await clickMicroseconds(visitor, FEWEST_CLICKS * 10);
  const count = Math.round(Math.min(MOST_CLICKS, Math.max(FEWEST_CLICKS, (BATCH_MS * 1_000) / click_us)));
  await clickMicroseconds(visitor, count);
  return { subject, visitor, count };
}

/** Batches of clicks on every subject's page in turn, `rounds` times: microseconds a click. */
export async function measureClicks(servers, subjects, { rounds }) {
  const browser = await launchChromium();
  const samples = new Map(subjects.map((subject) => [subject.name, []]));
  try {
    const pages = [];
    for (const subject of subjects) pages.push(await openPage(browser, servers, subject));
    for (let round = 0; round < rounds; round += 1) {
      for (const { subject, visitor, count } of pages) {
        samples.get(subject.name).push(await clickMicroseconds(visitor, count));
      }
    }
  } finally {
    await browser.close();
  }
  return samples;
}
