/** A look through the proxy by which a page takes the script from its own domain: does it hand on what the script needs? */
import type { InPage } from './installed-page.ts';
import type { Finding, PageQuestion } from './page-question.ts';
import { readStart } from './read-start.ts';

const WAIT_MS = 10_000;
/** Whether it is a script or a plan is seen at its beginning. */
const LOOKED_AT_CHARACTERS = 1_000;

/** What an address answers: a sentence about what is wrong with it, else nothing. */
type Judge = (answer: Response, text: string) => string | undefined;

const isScript: Judge = (answer, text) =>
  /javascript/.test(answer.headers.get('content-type') ?? '') && text !== '' ? undefined : 'answers with no script';

/** A page of another origin reads the plan only with this header. */
function isPlan(page: URL, address: URL): Judge {
  return (answer, text) => {
    if (!text.startsWith('{')) return 'answers with no plan';
    const isReadable = page.origin === address.origin || answer.headers.get('access-control-allow-origin') === '*';
    return isReadable ? undefined : 'comes without its Access-Control-Allow-Origin header';
  };
}

async function ask(address: URL, judge: Judge): Promise<string | undefined> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(WAIT_MS), redirect: 'manual' });
    const text = await readStart(answer, LOOKED_AT_CHARACTERS);
    return answer.status === 200 ? judge(answer, text) : `answers ${answer.status}`;
  } catch (error) {
    const { cause, message } = error as Error;
    return `cannot be reached (${cause instanceof Error ? cause.message : message})`;
  }
}

/** What stands in the way of a script that does not come from the server itself; nothing where it does. */
export async function lookAtProxy(pageUrl: string, found: InPage, question: PageQuestion): Promise<Finding[]> {
  const { base, site, mayAsk = () => true } = question;
  if (found.src === undefined) return [];
  const page = new URL(pageUrl);
  const script = new URL(found.src, page);
  const from = new URL((found.api ?? new URL('.', script).href).replace(/\/*$/, '/'), page);
  const isOwn = (url: URL) => url.origin === new URL(base).origin;
  const plan = new URL(`plan/${site.key}`, from);
  const needed: [URL, Judge][] = [
    [script, isScript],
    [plan, isPlan(page, plan)],
  ];
  const through = needed.filter(
    ([address]) => !isOwn(address) && /^https?:$/.test(address.protocol) && mayAsk(address),
  );
  if (through.length === 0) return [];
  const complaints = await Promise.all(
    through.map(async ([address, judge]) => {
      const complaint = await ask(address, judge);
      return complaint === undefined ? [] : [`${address.href} ${complaint}`];
    }),
  );
  const wrong = complaints.flat();
  const text =
    wrong.length === 0
      ? 'hands on what the script needs.'
      : `${wrong.join('; ')}. Let the proxy hand on tracker.js, plan/… and e to this server, with their headers.`;
  return [{ check: 'proxy', ok: wrong.length === 0, text }];
}
