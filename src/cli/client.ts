/** How commands reach the API: by the control socket of a running server, else by opening the data folder themselves. */
import { type IncomingMessage, request } from 'node:http';
import type { ServerConfig } from '../server/config.ts';
import { controlPath } from '../server/control-socket.ts';

const ATTEMPT_MS = 100;
/** Half a minute: several commands at once open the folder one after the other, on a busy machine in seconds each. */
const ATTEMPTS = 300;

/** A refusal of the API, for people. */
export class RefusedError extends Error {
  readonly body: unknown;

  constructor(message: string, body: unknown) {
    super(message);
    this.name = 'RefusedError';
    this.body = body;
  }
}

/** What a request sends. */
export interface Sending {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With the query. */
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A client of one data folder. */
export interface Client {
  /** The answer's JSON; undefined when it has no body. Throws RefusedError. */
  send<T>(sending: Sending): Promise<T>;
  /** The server-sent events of a path, as their data arrives; connected when it answers. Throws RefusedError. */
  follow(path: string): Promise<Following>;
  close(): Promise<void>;
}

/** A stream that is being read. */
export interface Following {
  /** The data of each event, parsed. */
  events: AsyncIterable<unknown>;
  close(): void;
}

interface Raw {
  status: number;
  text: string;
}

function ask(socketPath: string, { method, path, body, headers = {} }: Sending): Promise<Raw> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath,
        method,
        path,
        agent: false,
        headers: {
          ...headers,
          host: 'localhost',
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

/** Connects to a stream of server-sent events; what it answers ends when it is closed. */
function followEvents(socketPath: string, path: string): Promise<Following> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, agent: false, headers: { host: 'localhost' } }, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        reject(new RefusedError(`The server answered ${response.statusCode}.`, undefined));
        return;
      }
      resolve({ events: eventsIn(response), close: () => sent.destroy() });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Throws when the stream is closed before its end. */
async function* eventsIn(response: IncomingMessage): AsyncIterable<unknown> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6));
  }
}

function read<T>({ status, text }: Raw): T {
  const body = text === '' ? undefined : (JSON.parse(text) as unknown);
  if (status < 400) return body as T;
  const { error } = body as { error?: { code: string; message: string; field?: string } };
  const field = error?.field === undefined ? '' : ` (${error.field})`;
  throw new RefusedError(error === undefined ? `The server answered ${status}.` : `${error.message}${field}`, body);
}

function isNobodyThere(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ECONNREFUSED';
}

async function answers(socketPath: string): Promise<boolean> {
  try {
    await ask(socketPath, { method: 'GET', path: '/health' });
    return true;
  } catch (error) {
    if (isNobodyThere(error)) return false;
    throw error;
  }
}

function clientOf(socketPath: string, close: () => Promise<void>): Client {
  return {
    send: async (sending) => read(await ask(socketPath, sending)),
    follow: (path) => followEvents(socketPath, path),
    close,
  };
}

/**
 * Finds the owner of the data folder, or becomes it for this command. A server that is just starting holds the lock
 * before it listens, so a refused lock means asking again.
 */
export async function openClient(config: ServerConfig): Promise<Client> {
  const socketPath = controlPath(config.data_dir);
  for (let attempt = 1; ; attempt += 1) {
    if (await answers(socketPath)) return clientOf(socketPath, async () => {});
    // The engines take most of a second to load, which a command beside a running server need not wait for.
    const { DataOwnedError } = await import('../server/data-lock.ts');
    const { openForCommand } = await import('../server/serve.ts');
    const { openLog } = await import('../server/log.ts');
    try {
      const opened = await openForCommand(config, openLog('error'));
      return clientOf(opened.socketPath, () => opened.stop());
    } catch (error) {
      if (!(error instanceof DataOwnedError) || attempt >= ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, ATTEMPT_MS));
    }
  }
}
