/** What a look at a page of a site tells of the tracker on it, one finding each, with its cure. */
import { allowsScript, findInPage, type InPage } from './installed-page.ts';
import type { Finding, PageQuestion } from './page-question.ts';
import { lookAtProxy } from './proxy-findings.ts';
import { readStart } from './read-start.ts';

const WAIT_MS = 10_000;
const HOPS = 5;
const PAGE_CHARACTERS = 2_000_000;

/** What a page's HTML was read from. */
interface SeenPage {
  url: string;
  status: number;
  html: string;
  policy: string | null;
}

/** The page where its redirections end; a sentence when it cannot be read. */
async function readPage({ page, mayAsk = () => true }: PageQuestion): Promise<SeenPage | string> {
  try {
    let url = new URL(page);
    for (let hop = 0; hop < HOPS; hop += 1) {
      if (!/^https?:$/.test(url.protocol) || !mayAsk(url)) return `${url.host} is not one of the site's hosts`;
      const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(WAIT_MS) });
      const target = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null;
      if (target === null) {
        const html = await readStart(answer, PAGE_CHARACTERS);
        return { url: url.href, status: answer.status, html, policy: answer.headers.get('content-security-policy') };
      }
      await answer.body?.cancel();
      url = new URL(target, url);
    }
    return `more than ${HOPS} redirections`;
  } catch (error) {
    const { cause, message } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
}

/** Whether the collector would take what happens on that host. */
function countsHost({ domains, allowed_hosts }: PageQuestion['site'], url: string): boolean {
  const host = new URL(url).hostname.replace(/^www\./, '');
  const hosts = allowed_hosts.length > 0 ? allowed_hosts.map((name) => name.replace(/^www\./, '')) : domains;
  return (
    /^(localhost|127\.0\.0\.1|\[::1\])$/.test(host) || hosts.some((name) => host === name || host.endsWith(`.${name}`))
  );
}

/** What the script's element says of its site and of consent; nothing where all is as it should be. */
function lookAtAttributes({ site: named, consent, isHeldBack }: InPage, { site }: PageQuestion): Finding[] {
  const findings: Finding[] = [];
  if (named !== undefined && ![site.id, site.key, ...site.domains].includes(named)) {
    const text = `data-site is "${named.slice(0, 60)}", which is another site; it should be "${site.key}".`;
    findings.push({ check: 'site', ok: false, text });
  }
  if (isHeldBack) {
    const text = `a consent tool holds the script back; count it among the essential ones there, or let it run with data-consent="pending" and call tracker.consent(true).`;
    findings.push({ check: 'consent', ok: false, text });
  }
  if (consent === 'pending') {
    const text = 'data-consent is "pending": nothing is sent until the page calls tracker.consent(true).';
    findings.push({ check: 'consent', ok: true, text });
  }
  return findings;
}

function lookAtScript(seen: SeenPage, found: InPage, question: PageQuestion): Finding[] {
  const { base } = question;
  const script = found.src === undefined ? undefined : new URL(found.src, seen.url).href;
  const manager = found.hasTagManager ? ' A tag manager is there: if it brings the script, publish its container.' : '';
  const missing = `no tracker.js on the page; put the line of the set-up into its head.${manager}`;
  const policies = [seen.policy, found.policy].filter((policy) => policy !== null && policy !== undefined);
  const urls = { script: script ?? `${base}/tracker.js`, page: seen.url };
  const isBlocked = policies.some((policy) => !allowsScript(policy, urls));
  const policy = isBlocked
    ? `the Content-Security-Policy forbids the script or its requests; add ${base} to script-src and connect-src.`
    : 'nothing in the Content-Security-Policy is in the way.';
  return [
    { check: 'script', ok: script !== undefined, text: script ?? missing },
    ...(script === undefined ? [] : lookAtAttributes(found, question)),
    { check: 'policy', ok: !isBlocked, text: policy },
  ];
}

/** Addresses that no browser could read are as good as none. */
function withReadableUrls(found: InPage, page: string): InPage {
  const readable = (text: string | undefined) => (text !== undefined && URL.canParse(text, page) ? text : undefined);
  return { ...found, src: readable(found.src), api: readable(found.api) };
}

/** What browsers may do that no look from outside shows; said where nothing else is at fault. */
const IN_BROWSERS = {
  check: 'browsers',
  ok: true,
  text: 'what is not seen from here: an extension or a consent tool may block the script. Look for it in the network list of a browser; where it is blocked, serve it from the site’s own domain.',
};

/** Looks at a page. */
export async function lookAtPage(question: PageQuestion): Promise<Finding[]> {
  const { page, site } = question;
  const seen = await readPage(question);
  if (typeof seen === 'string') return [{ check: 'page', ok: false, text: `${page} cannot be read (${seen}).` }];
  const isOk = seen.status < 400;
  const findings = [{ check: 'page', ok: isOk, text: `${seen.url} answers ${seen.status}.` }];
  if (!countsHost(site, seen.url)) {
    const { host } = new URL(seen.url);
    findings.push({
      check: 'host',
      ok: false,
      text: `${host} is not a host of the site; add it in the site's settings.`,
    });
  }
  const found = withReadableUrls(findInPage(seen.html), seen.url);
  const all = [...findings, ...lookAtScript(seen, found, question), ...(await lookAtProxy(seen.url, found, question))];
  return all.every(({ ok }) => ok) ? [...all, IN_BROWSERS] : all;
}
