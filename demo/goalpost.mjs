/** Goalpost from outside, as any script would use it: start the server, run a command, call the API. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const main = fileURLToPath(new URL('../dist/cli/bin.cjs', import.meta.url));

/**
 * Starts `goalpost serve` and waits until it is ready.
 * @param {object} options
 * @param {string} options.data folder of the data
 * @param {number} [options.port] 0: any free one
 * @param {Record<string, string>} [options.environment] besides that of this process
 */
export async function startGoalpost({ data, port = 0, environment = {} }) {
  const child = spawn(process.execPath, [main, 'serve', '--json', '--port', String(port), '--data', data], {
    env: { ...process.env, GOALPOST_LOG: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint = (complaint + text).slice(-4000);
  });
  const ended = once(child, 'close');
  // No server outlives the process that started it.
  const killChild = () => child.kill();
  process.once('exit', killChild);
  child.once('close', () => process.off('exit', killChild));
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended.then(() => [''])]);
  if (!line)
    throw new Error(`The server did not start: ${wordsOf(complaint) || `it ended with code ${child.exitCode}`}`);
  const ready = JSON.parse(line);
  return {
    url: ready.url,
    setupUrl: ready.setup_url,
    child,
    /** What the server wrote to its log lately. */
    log: () => complaint,
    /** Resolves when the process has ended, by itself or by a signal. */
    ended,
    /** Asks the server to finish what it has and waits for its end. */
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** What a command wrote to its error output, as a sentence: it is JSON where that was asked for. */
function wordsOf(complaint) {
  try {
    return JSON.parse(complaint).error.message;
  } catch {
    return complaint.trim();
  }
}

/**
 * Runs one command with `--json` beside the server that owns the data, and returns what it prints.
 * @param {string[]} command
 * @param {{ data: string }} options
 */
export async function goalpost(command, { data }) {
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...command, '--json'], {
    env: { ...process.env, GOALPOST_DATA: data, GOALPOST_LOG: 'warn' },
  });
  return JSON.parse(stdout);
}

/**
 * A client of the native API with one key.
 * @param {{ url: string, key: string }} options
 */
export function goalpostApi({ url, key }) {
  return {
    /** One request; the answer's status and JSON, whatever the status. */
    async request(method, path, body) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
    },
    /** One request that is to succeed; throws with the server's own words when it does not. */
    async call(method, path, body) {
      const answer = await this.request(method, path, body);
      if (answer.status < 300) return answer.body;
      throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    },
  };
}
