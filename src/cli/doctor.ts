/** `goalpost doctor`: is the script on the page, may it run, does the plan arrive, does an event come back. One line each. */
import type { Command } from 'commander';
import type { Site } from '../core/site.ts';
import type { Finding } from '../server/api/page-question.ts';
import { type CommonOptions, onClient, withCommon } from './command.ts';
import { followEvent, isStranger, STRANGER } from './diagnostic-event.ts';
import { print } from './output.ts';
import { sitePath, snippetOf } from './site.ts';

const WAIT_MS = 10_000;

/** Adds the command. */
export function addDoctor(program: Command): void {
  withCommon(
    program.command('doctor <site>').description('look at a page of a site and say what is wrong, with the cure'),
  )
    .option('--page <url>', 'page to look at; default https://<first domain>/')
    .option('--url <url>', 'base URL of the server as pages see it; default GOALPOST_URL, else where it listens')
    .action(doctor);
}

async function doctor(ref: string, options: CommonOptions & { page?: string; url?: string }): Promise<void> {
  // A server is a command too, and need not load what reads HTML.
  const { lookAtPage } = await import('../server/api/page-findings.ts');
  await onClient(options, async (client) => {
    const site = await client.send<Site>({ method: 'GET', path: sitePath(ref) });
    const { url: base } = await snippetOf(client, ref, options.url);
    const page = options.page ?? `https://${site.domains[0]}/`;
    const findings = [...(await lookAtPage({ page, base, site })), ...(await lookAtServer(base, site))];
    findings.push({ check: 'event', ...(await followEvent(client, { base, site })) });
    const lines = findings.map(({ ok, check, text }) => `${ok ? 'ok  ' : 'FAIL'}  ${check}: ${text}`);
    print(options, { findings }, lines);
    if (findings.some((finding) => !finding.ok)) process.exitCode = 1;
  });
}

async function fetched(url: string, sent: RequestInit = {}): Promise<{ response: Response; text: string } | string> {
  try {
    const response = await fetch(url, { ...sent, signal: AbortSignal.timeout(WAIT_MS) });
    return { response, text: await response.text() };
  } catch (error) {
    const { cause, message } = error as Error;
    return cause instanceof Error ? cause.message : message;
  }
}

async function lookAtServer(base: string, site: Site): Promise<Finding[]> {
  const script = await fetched(`${base}/tracker.js`);
  const plan = await fetched(`${base}/plan/${site.key}`);
  const scriptOk = typeof script !== 'string' && script.response.ok && script.text.length > 0;
  const planOk =
    typeof plan !== 'string' && plan.response.ok && plan.response.headers.get('access-control-allow-origin') === '*';
  return [
    {
      check: 'tracker.js',
      ok: scriptOk,
      text: scriptOk ? 'arrives.' : `${told(script)}; check that the proxy forwards /tracker.js to this server.`,
    },
    {
      check: 'plan',
      ok: planOk,
      text: planOk ? 'arrives.' : `${told(plan)}; ${cureOf(plan)}`,
    },
  ];
}

function cureOf(plan: Awaited<ReturnType<typeof fetched>>): string {
  if (typeof plan !== 'string' && isStranger(plan.text)) return STRANGER;
  return 'check that the proxy forwards /plan and keeps its CORS headers.';
}

function told(got: Awaited<ReturnType<typeof fetched>>): string {
  return typeof got === 'string' ? got : `answers ${got.response.status}`;
}
