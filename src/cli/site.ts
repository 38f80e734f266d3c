/** `goalpost site` and `goalpost snippet`. */
import type { Command } from 'commander';
import type { Site } from '../core/site.ts';
import type { Client } from './client.ts';
import { type CommonOptions, onClient, withCommon } from './command.ts';
import { print, table } from './output.ts';

interface AddOptions extends CommonOptions {
  name?: string;
  timezone?: string;
  currency?: string;
}

/** Path of a site in the API. */
export function sitePath(ref: string): string {
  return `/api/sites/${encodeURIComponent(ref)}`;
}

/** Adds the commands. */
export function addSite(program: Command): void {
  const site = program.command('site').description('add, list and remove sites');
  withCommon(site.command('add <domain...>').description('add a site'))
    .option('--name <name>', 'name; default the first domain')
    .option('--timezone <zone>', 'IANA time zone, e.g. Europe/Berlin')
    .option('--currency <code>', 'ISO 4217 currency')
    .action(add);
  withCommon(site.command('list').description('list sites')).action(list);
  withCommon(site.command('remove <site>').description('remove a site by id, key or domain')).action(remove);
  withCommon(program.command('snippet <site>').description('print the lines for the pages of a site'))
    .option('--url <url>', 'base URL of the server; default GOALPOST_URL, else where it listens')
    .option('--pinned', 'this very release by its hash, instead of the one that follows upgrades')
    .action(snippet);
}

async function add(domains: string[], options: AddOptions): Promise<void> {
  const { name, timezone, currency } = options;
  const body = {
    domains,
    name: name ?? domains[0],
    ...(timezone === undefined ? {} : { timezone }),
    ...(currency === undefined ? {} : { currency }),
  };
  await onClient(options, async (client) => {
    const site = await client.send<Site>({ method: 'POST', path: '/api/sites', body });
    print(options, site, [`Added ${site.name}`, `id   ${site.id}`, `key  ${site.key}`]);
  });
}

async function list(options: CommonOptions): Promise<void> {
  await onClient(options, async (client) => {
    const { sites } = await client.send<{ sites: Site[] }>({ method: 'GET', path: '/api/sites' });
    const rows = sites.map((site) => [site.id, site.key, site.name, site.domains.join(', ')]);
    print(options, { sites }, table(['ID', 'KEY', 'NAME', 'DOMAINS'], rows));
  });
}

async function remove(ref: string, options: CommonOptions): Promise<void> {
  await onClient(options, async (client) => {
    await client.send({ method: 'DELETE', path: sitePath(ref) });
    print(options, { removed: ref }, [`Removed ${ref}`]);
  });
}

/** The line for pages, and the one that names this very release; both with the base URL. */
interface Snippet {
  html: string;
  pinned: string;
  url: string;
}

/** What stands in the pages of a site, and the base URL in it: `given`, else where the server says it is reached. */
export async function snippetOf(client: Client, ref: string, given?: string): Promise<Snippet> {
  const { html, pinned, url } = await client.send<Snippet>({ method: 'GET', path: `${sitePath(ref)}/snippet` });
  const wanted = (given ?? url).replace(/\/+$/, '');
  const moved = (line: string) => line.replace(url, () => wanted);
  return { html: moved(html), pinned: moved(pinned), url: wanted };
}

async function snippet(ref: string, options: CommonOptions & { url?: string; pinned?: boolean }): Promise<void> {
  await onClient(options, async (client) => {
    const { html, pinned } = await snippetOf(client, ref, options.url);
    const line = options.pinned ? pinned : html;
    print(options, { html: line }, [line]);
  });
}
