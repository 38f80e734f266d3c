/**
 * The process of a chDB server: as much of ClickHouse's HTTP interface as its official client speaks, over an engine of
 * a current version. Arguments: the package's folder, the data's folder, the port, the password, and the file of a
 * configuration, if it is to be a cluster. Tells its parent when it listens; ends when it is told to or when the
 * parent has gone, after what was begun is done.
 */
import { createServer } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openEngine } from './chdb-engine.mjs';

const [library, folder, port, password, config] = process.argv.slice(2);
const engine = openEngine({ library, folder, config });

/** What a request's address may say that is no setting of the engine. */
const OF_HTTP = new Set(
  'query query_id database default_format session_id session_timeout enable_http_compression user password role wait_end_of_query'.split(
    ' ',
  ),
);
const STATUS_BY_CODE = { 60: 404, 81: 404, 516: 403, 159: 408, 48: 501, 62: 400, 27: 400, 47: 400, 456: 400 };

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

/** Long parameters come as the parts of a form. */
async function readForm(request, body) {
  const form = await new Response(body, { headers: { 'content-type': request.headers['content-type'] } }).formData();
  return [...form].map(([name, value]) => [name, String(value)]);
}

async function readStatement(request) {
  const body = await bodyOf(request);
  const isForm = request.headers['content-type']?.startsWith('multipart/form-data');
  const said = [...new URL(request.url, 'http://localhost').searchParams];
  if (isForm) said.push(...(await readForm(request, body)));
  const values = new Map(said);
  const inAddress = values.get('query');
  const rest = isForm ? undefined : body;
  const parameters = said.filter(([name]) => name.startsWith('param_')).map(([name, value]) => [name.slice(6), value]);
  return {
    query: inAddress ?? body.toString('utf8'),
    data: inAddress === undefined ? undefined : rest,
    parameters: parameters.length > 0 ? Object.fromEntries(parameters) : undefined,
    format: values.get('default_format') ?? 'TabSeparated',
    zipped: values.get('enable_http_compression') === '1' && /gzip/.test(request.headers['accept-encoding'] ?? ''),
    queryId: values.get('query_id') ?? '',
    settings: {
      database: values.get('database') ?? 'default',
      own: new Map(said.filter(([name]) => !OF_HTTP.has(name) && !name.startsWith('param_'))),
    },
  };
}

/** Whether the request names the one user there is, in any of the ways that the interface has. */
function isKnown(request) {
  const address = new URL(request.url, 'http://localhost').searchParams;
  const basic = Buffer.from(request.headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString('utf8');
  const [user, ...rest] = basic.split(':');
  const named = request.headers['x-clickhouse-user'] ?? address.get('user') ?? user;
  const given = request.headers['x-clickhouse-key'] ?? address.get('password') ?? rest.join(':');
  return (named || 'default') === 'default' && given === password;
}

function summaryOf(result) {
  return JSON.stringify({
    read_rows: String(result.rowsRead ?? 0),
    read_bytes: String(result.bytesRead ?? 0),
    written_rows: String(result.rowsWritten ?? 0),
    written_bytes: String(result.bytesWritten ?? 0),
    elapsed_ns: String(Math.round((result.elapsed ?? 0) * 1e9)),
  });
}

function refuse(response, message) {
  const code = Number(/^Code: (\d+)/.exec(message)?.[1] ?? 1002);
  response.writeHead(STATUS_BY_CODE[code] ?? 500, {
    'content-type': 'text/plain; charset=UTF-8',
    'x-clickhouse-exception-code': String(code),
  });
  response.end(`${message}\n`);
}

async function answer(request, response) {
  if (request.method === 'GET' && (request.url === '/ping' || request.url === '/')) return response.end('Ok.\n');
  if (!isKnown(request)) {
    return refuse(response, 'Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)');
  }
  const statement = await readStatement(request);
  const result = await engine.execute(statement);
  const bytes = Buffer.from(result.bytes);
  const format = /\bformat\s+(\w+)\s*(settings\b[\s\S]*)?;?\s*$/i.exec(statement.query)?.[1] ?? statement.format;
  response.writeHead(200, {
    'content-type': format.startsWith('JSON') ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8',
    'x-clickhouse-query-id': statement.queryId,
    'x-clickhouse-format': format,
    'x-clickhouse-timezone': 'UTC',
    'x-clickhouse-server-display-name': 'chdb',
    'x-clickhouse-summary': summaryOf(result),
    ...(statement.zipped ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(statement.zipped ? gzipSync(bytes) : bytes);
}

let ending = false;

const server = createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
  // Who asks again and again on one connection would keep this process for ever.
  response.once('close', () => ending && server.closeIdleConnections());
  if (ending) response.shouldKeepAlive = false;
  answer(request, response).catch((error) => refuse(response, String(error?.message ?? error)));
});

async function end() {
  if (ending) return;
  ending = true;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await closed;
  await engine.close();
  process.exit(0);
}

process.on('SIGTERM', end);
process.on('SIGINT', end);
process.on('disconnect', end);
server.keepAliveTimeout = 10_000;
server.listen(Number(port), '127.0.0.1', () => process.send?.('listening'));
