/** Rows of the browser benchmark's tables: medians with ranges, every comparison within its own round. */
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { spread } from '../report.mjs';

const NONE = 'no script';
const YARDSTICK = 'Plausible';

/** Bytes as servers send them. */
export function sizeOf(code) {
  const brotli = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  return { 'Brotli 11, bytes': brotli, 'gzip 9, bytes': gzipSync(code, { level: 9 }).length };
}

/** `1.20 (1.10-1.40)` */
function text(samples, digits) {
  const { min, median, max } = spread(samples);
  return `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
}

const over = (samples, base) => samples.map((sample, round) => sample - base[round]);
const times = (samples, base) => samples.map((sample, round) => sample / base[round]);

/** Evaluation, load and heap of every script, the last two over the page without one in the same round. */
export function loadRows(load) {
  const column = (name, key) => load.get(name).map((sample) => sample[key]);
  const yardstick = load.has(YARDSTICK) ? column(YARDSTICK, 'evaluation_ms') : undefined;
  return [...load.keys()]
    .filter((name) => name !== NONE)
    .map((name) => {
      const evaluation = column(name, 'evaluation_ms');
      return {
        script: name,
        'evaluation, ms CPU': text(evaluation, 2),
        ...(yardstick ? { [`× ${YARDSTICK}`]: text(times(evaluation, yardstick), 2) } : {}),
        'main thread at load over no script, ms CPU': text(over(column(name, 'load_ms'), column(NONE, 'load_ms')), 1),
        'heap over no script, KB': text(over(column(name, 'heap_kb'), column(NONE, 'heap_kb')), 0),
      };
    });
}

/** Clicks of every script, as multiples of the page without one in the same round. */
export function clickRows(click) {
  return [...click].map(([name, samples]) => ({
    script: name,
    'click on the deep element, µs CPU': text(samples, 1),
    '× no script': text(times(samples, click.get(NONE)), 2),
  }));
}

/** Requests of a first view and of one with warm caches. */
const requestsText = ({ first, second }) => `${first.length} first, ${second.length} then`;

/** Size of every script, and the requests of a view where they were counted. */
export function sizeRows(subjects, requests) {
  return subjects.map(({ name, code }) => ({
    script: name,
    ...sizeOf(code),
    ...(requests ? { 'requests a view': requestsText(requests.get(name)) } : {}),
  }));
}

/** How often a refused conversion came again, from where, and whether as the same event. */
function refusalText(results) {
  const count = (wanted) => results.filter(({ again }) => again === wanted).length;
  const sent = count('page') + count('next page');
  const same = results.filter(({ again, ids }) => again !== 'no' && ids === 1).length;
  const from = count('next page') > 0 ? `, ${count('next page')} by the next page` : '';
  const id = results.some(({ known }) => known) ? `, ${same} by the same id` : '';
  const lost = count('never came') > 0 ? `; ${count('never came')} never came` : '';
  return `${sent === 0 ? 'not sent again' : `sent again ${sent} of ${results.length}${from}${id}`}${lost}`;
}

/** What became of conversions: those of visitors who left, and those that were refused once. */
export function deliveryRows(subjects, { leaving, refusal }) {
  return subjects.map(({ name, code }) => {
    const left = leaving?.get(name);
    const refused = refusal?.get(name);
    return {
      script: name,
      ...(left
        ? {
            'leaving clicks that arrived': code ? `${left.arrived} of ${left.clicks}` : '–',
            'listeners of such a click, ms CPU': text(left.click_ms, 2),
          }
        : {}),
      ...(refusal ? { 'one 503': refused ? refusalText(refused) : '–' } : {}),
    };
  });
}
