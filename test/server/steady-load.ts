/** Visitors who keep sending, as the tracker does: what was not acknowledged is sent again under the same id. */
import { request } from 'node:http';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
/** Before an event is sent again, ms. */
const AGAIN_MS = 50;
const GIVE_UP_MS = 10_000;

/** Whom to send to, and how. */
export interface LoadOptions {
  /** Base URLs; each visitor begins with one and goes on to the next when that does not take an event. */
  urls: readonly string[];
  /** The site's domain. */
  site: string;
  /** So many visitors at once, each from an address of its own. */
  visitors: number;
  /** Milliseconds that a visitor rests after an event. */
  rest_ms: number;
}

/** What was sent. */
export interface Ledger {
  /** Events that were acknowledged, each once. */
  acknowledged: number;
  /** How often each status was answered; 0: no answer at all. */
  statuses: Map<number, number>;
  /** Ends when all visitors have had their last event acknowledged. */
  stop(): Promise<void>;
}

/** One beacon with one event; the status, or 0 when nobody answered. */
function sendEvent(url: string, { body, address }: { body: string; address: string }): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(
      `${url}/e`,
      {
        method: 'POST',
        localAddress: address,
        agent: false,
        timeout: GIVE_UP_MS,
        headers: { 'user-agent': BROWSER, 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', () => resolve(0));
      },
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}

/** Begins to send `bought` events; every visitor sends one after another. */
export function startLoad({ urls, site, visitors, rest_ms }: LoadOptions): Ledger {
  let stopped = false;
  const statuses = new Map<number, number>();
  const ledger = { acknowledged: 0, statuses, stop: async (): Promise<void> => undefined };
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  async function visit(visitor: number): Promise<void> {
    const address = `127.1.${Math.floor(visitor / 250)}.${(visitor % 250) + 1}`;
    for (let turn = visitor; !stopped; ) {
      const event = { i: crypto.randomUUID(), n: 'bought', a: 0, u: `https://${site}/`, m: '2.50', c: 'EUR' };
      for (;;) {
        const body = JSON.stringify({ v: 1, s: site, t: Date.now(), r: 0, e: [event] });
        const status = await sendEvent(String(urls[turn % urls.length]), { body, address });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status === 202) break;
        turn += 1;
        await pause(AGAIN_MS);
      }
      ledger.acknowledged += 1;
      await pause(rest_ms);
    }
  }
  const visits = Promise.all(Array.from({ length: visitors }, (_, visitor) => visit(visitor)));
  ledger.stop = async () => {
    stopped = true;
    await visits;
  };
  return ledger;
}
