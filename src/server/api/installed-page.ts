/** What a page's HTML and headers say of the tracker. */
import { selectOne } from 'css-select';
import type { AnyNode, Element, ParentNode } from 'domhandler';
import { parseDocument } from 'htmlparser2';

/** What of a page matters to the tracker. */
export interface InPage {
  /** Address of the tracker's script as it is written; undefined when there is none. */
  src: string | undefined;
  /** What `data-site`, `data-consent` and `data-api` say. */
  site: string | undefined;
  consent: string | undefined;
  api: string | undefined;
  /** Whether its element is one that browsers do not run until a consent tool has turned it into a script. */
  isHeldBack: boolean;
  /** A policy in the page itself. */
  policy: string | undefined;
  hasTagManager: boolean;
}

/** A proxy may have given the file another name, so what only our element has is looked for first. */
const TRACKERS = [
  'script[data-site]',
  'script[src*="tracker.js"]',
  'script[src*="compat.js"]',
  'script[src*="tracker"]',
];
/** Consent tools take the address or the type of a script away. */
const HELD = 'script[data-src*="tracker.js"],script[data-src*="compat.js"]';
const RUNS = /^(?:|module|(?:text|application)\/(?:x-)?(?:java|ecma)script)$/i;

/** Looks for the tracker and for what may stand in its way. */
export function findInPage(html: string): InPage {
  const document: AnyNode & ParentNode = parseDocument(html);
  const find = (selector: string) => selectOne<AnyNode, Element>(selector, document)?.attribs;
  const script = TRACKERS.map(find).find((attributes) => attributes !== undefined) ?? find(HELD);
  const src = script?.src ?? script?.['data-src'];
  return {
    src,
    site: script?.['data-site'],
    consent: script?.['data-consent'],
    api: script?.['data-api'],
    isHeldBack: src !== undefined && (script?.src === undefined || !RUNS.test(script.type?.trim() ?? '')),
    policy: find('meta[http-equiv="content-security-policy" i]')?.content,
    hasTagManager: /googletagmanager\.com\/gtm\.js|matomo.*container_/.test(html),
  };
}

/** Sources of a directive; its fallback when it is absent; undefined: nothing is said. */
function sourcesOf(policy: string, name: string): string[] | undefined {
  const directives = policy.split(';').map((part) => part.trim().split(/\s+/));
  const found = directives.find(([directive]) => directive?.toLowerCase() === name);
  return (found ?? directives.find(([directive]) => directive?.toLowerCase() === 'default-src'))?.slice(1);
}

function allows(sources: readonly string[] | undefined, target: URL, page: URL): boolean {
  if (sources === undefined) return true;
  return sources.some((source) => {
    if (source === '*' || source === target.protocol) return true;
    if (source === "'self'") return target.origin === page.origin;
    const bare = source
      .replace(/^[a-z]+:\/\//i, '')
      .replace(/\/.*$/, '')
      .toLowerCase();
    if (bare.startsWith('*.')) return target.hostname.endsWith(bare.slice(1));
    return bare === target.host || bare === target.hostname;
  });
}

/** Whether a policy lets a page load the script and send to its server. Nonces and hashes are taken as permission. */
export function allowsScript(policy: string, urls: { script: string; page: string }): boolean {
  const target = new URL(urls.script);
  const page = new URL(urls.page);
  const script = sourcesOf(policy, 'script-src');
  const trusted = script?.some((source) => /^'(?:nonce-|sha\d+-|strict-dynamic)/.test(source)) ?? false;
  return (trusted || allows(script, target, page)) && allows(sourcesOf(policy, 'connect-src'), target, page);
}
