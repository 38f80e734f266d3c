/**
 * The way from one visitor to the collector, with all that goes wrong on it. The script and the plan come from a cache, as
 * behind a CDN: what happens before any script has run nobody can count. Beacons get no such mercy.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a beacon: answered 503 unread, lost on its way there, or taken with its answer lost on the way back. */
export type Fate = 'refused' | 'lost' | 'unanswered';

/** An answer as it came. */
interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const REFUSAL = { 'Access-Control-Allow-Origin': '*', 'Retry-After': '1', 'Content-Type': 'application/json' };

/** One visitor's network; the next visitor has another address. */
export class Network {
  /** The address that the collector is told. */
  address = '';
  /** What becomes of the next beacons, in turn; those after them pass. */
  fates: Fate[] = [];
  readonly #server = createServer((incoming, outgoing) => {
    this.#pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  readonly #cache = new Map<string, Answer>();
  #target: string;
  #gate = Promise.resolve();

  private constructor(target: string) {
    this.#target = target;
  }

  /** Opens the way to the collector at that base URL. */
  static async open(target: string): Promise<Network> {
    const network = new Network(target);
    await new Promise<void>((resolve) => network.#server.listen(0, '127.0.0.1', resolve));
    return network;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The collector listens elsewhere now. */
  moveTo(target: string): void {
    this.#target = target;
  }

  /** Keeps the answers to beacons back until the function that it returns is called. */
  hold(): () => void {
    let open = (): void => {};
    this.#gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    return open;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    if (incoming.method !== 'POST') return send(outgoing, await this.#cached(incoming));
    const fate = this.fates.shift();
    if (fate === 'refused') {
      outgoing.writeHead(503, REFUSAL).end('{"error":{"code":"overloaded"}}');
      return;
    }
    if (fate === 'lost') return void outgoing.destroy();
    const gate = this.#gate;
    const answer = await this.#ask(incoming, body);
    await gate;
    if (fate === 'unanswered') outgoing.destroy();
    else send(outgoing, answer);
  }

  async #cached(incoming: IncomingMessage): Promise<Answer> {
    const key = `${incoming.method} ${incoming.url}`;
    const known = this.#cache.get(key);
    if (known) return known;
    const answer = await this.#ask(incoming, Buffer.alloc(0));
    if (answer.status === 200) this.#cache.set(key, answer);
    return answer;
  }

  #ask({ method = 'GET', url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const sent = { ...headers, 'x-forwarded-for': this.address };
    return new Promise((resolve, reject) => {
      const onward = request(`${this.#target}${url}`, { method, headers: sent }, (answer) => {
        bytesOf(answer).then(
          (received) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: received }),
          reject,
        );
      });
      onward.on('error', reject).end(body);
    });
  }
}

function send(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  outgoing.writeHead(status, headers).end(body);
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
