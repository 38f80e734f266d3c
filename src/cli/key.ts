/** `goalpost key`: makes, imports, lists and revokes API keys. */
import type { Command } from 'commander';
import { type CommonOptions, onClient, withCommon } from './command.ts';
import { print, table } from './output.ts';

interface KeyOptions extends CommonOptions {
  site?: string;
  scopes: string;
  expires?: string;
  name?: string;
  as?: string;
}

interface ListedKey {
  id: string;
  hint: string;
  name: string;
  site_id: string | null;
  scopes: string[];
  revoked_at: number | null;
}

/** Adds the commands. */
export function addKey(program: Command): void {
  const key = program.command('key').description('make, import, list and revoke API keys');
  asked(key.command('create').description('make a key, which is shown this once')).action(make);
  asked(key.command('import').description('accept a key of another product'))
    .requiredOption('--as <key>', 'the key as its clients send it')
    .action(make);
  withCommon(key.command('list').description('list keys'))
    .option('--site <site>', 'only those of this site')
    .action(list);
  withCommon(key.command('revoke <id>').description('end a key at once')).action(revoke);
}

function asked(command: Command): Command {
  return withCommon(command)
    .option('--site <site>', 'the site by id, key or domain; without it the key is for every site')
    .requiredOption('--scopes <scopes>', 'goals:read,goals:write,stats:read,events:write,admin')
    .option('--expires <date>', 'when it ends, e.g. 2027-01-31')
    .option('--name <name>', 'what it is for');
}

async function make(options: KeyOptions): Promise<void> {
  const { site = null, name, expires, as: foreign } = options;
  const body = {
    site,
    scopes: options.scopes.split(',').flatMap((scope) => scope.trim() || []),
    ...(name === undefined ? {} : { name }),
    ...(expires === undefined ? {} : { expires_at: readTime(expires) }),
    ...(foreign === undefined ? {} : { as: foreign }),
  };
  await onClient(options, async (client) => {
    const key = await client.send<{ id: string; key: string }>({ method: 'POST', path: '/api/keys', body });
    const note = foreign === undefined ? 'It is shown this once: keep it safe.' : 'Its clients can use it now.';
    print(options, { id: key.id, key: key.key }, [key.key, `${key.id}. ${note}`]);
  });
}

function readTime(text: string): number {
  const time_ms = Date.parse(text);
  if (Number.isNaN(time_ms)) throw new Error(`--expires: "${text}" is no date, as 2027-01-31 is.`);
  return time_ms;
}

async function list(options: CommonOptions & { site?: string }): Promise<void> {
  const query = options.site === undefined ? '' : `?site=${encodeURIComponent(options.site)}`;
  await onClient(options, async (client) => {
    const { keys } = await client.send<{ keys: ListedKey[] }>({ method: 'GET', path: `/api/keys${query}` });
    const rows = keys.map((key) => [
      key.id,
      key.hint,
      key.site_id ?? 'every site',
      key.scopes.join(','),
      key.revoked_at === null ? key.name : 'revoked',
    ]);
    print(options, { keys }, table(['ID', 'KEY', 'SITE', 'SCOPES', 'NAME'], rows));
  });
}

async function revoke(id: string, options: CommonOptions): Promise<void> {
  await onClient(options, async (client) => {
    await client.send({ method: 'DELETE', path: `/api/keys/${encodeURIComponent(id)}` });
    print(options, { revoked: id }, [`Revoked ${id}`]);
  });
}
