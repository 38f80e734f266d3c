/**
 * One chDB engine as a queue of statements, each with its own parameters and settings. One at a time: the engine's
 * parameters are not its connections' own, and a process that exits while the engine is busy crashes.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { shardSettings, withoutReplicas } from './chdb-shards.mjs';

/** A text as ClickHouse reads it between quotes. */
const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** An INSERT whose rows come after it, in bytes that are no part of the statement. */
const TAKES_ROWS = /^\s*insert\s[\s\S]*\b(format\s+\w+|values)\s*$/i;

/**
 * @param {{ library: string, folder: string, config?: string }} options folder of the installed package, folder of the data,
 *   and the file that says what cluster it is
 */
export function openEngine({ library, folder, config = '' }) {
  const native = createRequire(import.meta.url)(join(library, 'dist/loader.js')).loadNative();
  const connection = native.CreateConnection(folder, [
    '--output_format_json_quote_64bit_integers=1',
    ...(config === '' ? [] : [`--config-file=${config}`]),
  ]);
  let last = Promise.resolve();
  let applied = new Map();
  let database = '';

  const run = (text, format = 'TabSeparated', parameters) =>
    parameters
      ? native.QueryAsyncConnection(connection, text, format, parameters)
      : native.QueryAsyncConnection(connection, text, format);

  /** Settings are the connection's: what this statement asks for is set, what an earlier one asked for is taken back. */
  async function applySettings(settings) {
    const back = [...applied.keys()].filter((name) => !settings.has(name)).map((name) => `${name} = DEFAULT`);
    const set = [...settings].filter(([name, value]) => applied.get(name) !== value);
    const changes = [...back, ...set.map(([name, value]) => `${name} = ${quoted(value)}`)];
    if (changes.length === 0) return;
    // Half of them may have been set when one is refused: until all are, everything named is to be taken back.
    applied = new Map([...applied, ...settings].map(([name]) => [name, undefined]));
    await run(`SET ${changes.join(', ')}`);
    applied = new Map(settings);
  }

  async function execute({ query: said, data, parameters, settings, format }) {
    const query = config === '' ? said : withoutReplicas(said);
    if (settings.database !== database) {
      await run(`USE \`${settings.database}\``);
      database = settings.database;
    }
    await applySettings(config === '' ? settings.own : new Map([...settings.own, ...shardSettings(database)]));
    if (data === undefined || data.length === 0) return run(query, format, parameters);
    if (!TAKES_ROWS.test(query)) return run(`${query}\n${data.toString('utf8')}`, format, parameters);
    if (parameters) throw new Error('Code: 48. DB::Exception: Rows and parameters at once. (NOT_IMPLEMENTED)');
    return { bytes: new Uint8Array(0), ...(await native.InsertRawAsyncConnection(connection, query, data, false)) };
  }

  return {
    /** Executes a statement when all before it are done. */
    execute(statement) {
      const answer = last.then(() => execute(statement));
      last = answer.catch(() => {});
      return answer;
    },
    /** Waits for what was begun, then lets go of the data. */
    async close() {
      await last;
      native.CloseConnection(connection);
    },
  };
}
