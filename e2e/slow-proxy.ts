/** A proxy in front of the real server that can hold the answers to beacons back, or refuse beacons, as bad networks do. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { closedGate } from './gate.ts';

/** The proxy and what it can be told. */
export interface SlowProxy {
  url: string;
  /** Holds every answer to a beacon back until the function that it returns is called. */
  hold(): () => void;
  /** Gives every answer to a beacon, refusals too, so much later from now on. */
  delay(ms: number): void;
  /** Holds every plan back until the function that it returns is called. */
  holdPlan(): () => void;
  /** Answers this many of the next beacons with 503 and passes none of them on. */
  refuse(beacons: number): void;
  /** What became of beacons so far, in order. */
  readonly seen: ('held' | 'refused' | 'passed')[];
  /** When beacons were answered, ms since 1970. */
  readonly answered_ms: number[];
  close(): Promise<void>;
}

/** What the browser must be told about a refusal for it to read it at all. */
const REFUSAL = { 'Access-Control-Allow-Origin': '*', 'Retry-After': '1', 'Content-Type': 'application/json' };

/** Passes a request on, and hands its answer over when `until` is settled. */
function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  to: { target: string; until: Promise<unknown> },
): void {
  const { method, headers } = incoming;
  const onward = request(`${to.target}${incoming.url}`, { ...(method ? { method } : {}), headers }, async (answer) => {
    await to.until;
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

/** Opens a proxy to the server at that base URL. */
export async function openSlowProxy(target: string): Promise<SlowProxy> {
  const seen: SlowProxy['seen'] = [];
  const answered_ms: number[] = [];
  let gate = Promise.resolve();
  let planGate = Promise.resolve();
  let held = false;
  let refusals = 0;
  let delay_ms = 0;
  const server = createServer((incoming, outgoing) => {
    const isBeacon = incoming.method === 'POST' && incoming.url === '/e';
    const late = isBeacon && delay_ms > 0 ? pause(delay_ms) : Promise.resolve();
    if (isBeacon) outgoing.on('finish', () => answered_ms.push(Date.now()));
    if (isBeacon && refusals > 0) {
      refusals -= 1;
      seen.push('refused');
      incoming.resume().on('end', async () => {
        await late;
        outgoing.writeHead(503, REFUSAL).end('{"error":{"code":"overloaded"}}');
      });
      return;
    }
    if (isBeacon) seen.push(held ? 'held' : 'passed');
    const isPlan = incoming.url?.startsWith('/plan/');
    pass(incoming, outgoing, { target, until: isBeacon ? Promise.all([gate, late]) : isPlan ? planGate : late });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answered_ms,
    delay(ms) {
      delay_ms = ms;
    },
    hold() {
      held = true;
      const closed = closedGate();
      gate = closed.opened;
      return () => {
        held = false;
        closed.open();
      };
    },
    holdPlan() {
      const closed = closedGate();
      planGate = closed.opened;
      return closed.open;
    },
    refuse(beacons) {
      refusals = beacons;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
