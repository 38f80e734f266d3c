/**
 * Moves everything from the data folder to PostgreSQL and ClickHouse while the server goes on: first what there is, then,
 * with writers at rest, what changed meanwhile. Beacons are taken all the time; those of the end stay in the journal, for
 * the server that is started next, which works over there.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../core/problem.ts';
import type { MoveStatus, MoveTarget, Moving } from './api/backend.ts';
import type { Collector } from './collector/collector.ts';
import { type ServerConfig, SettingError } from './config.ts';
import { ClaimRows } from './goals/claim-rows.ts';
import { type ConfigStore, openConfigStore } from './goals/config-store.ts';
import { beginMoveInto, copyConfig, countConfig, endMoveInto, isBeingMovedInto } from './goals/move-config.ts';
import type { Log } from './log.ts';
import { parseClickhouseUrl } from './store/clickhouse-url.ts';
import type { DuckdbStore } from './store/duckdb-store.ts';
import { copyChangedDays, type EventMove, finishEvents, moveClaims } from './store/move-events.ts';

/** In the data folder, once its data is elsewhere. */
const MOVED = 'moved.json';
/** Passes before the rest: the second takes what came during the first. */
const PASSES = 2;

/** What moves, and who works with it meanwhile. */
export interface MoverOptions {
  config: ServerConfig;
  configuration: ConfigStore;
  store: DuckdbStore;
  collector: Pick<Collector, 'drain'>;
  log: Log;
}

/** Where an address leads, without who may go there. */
function withoutSecret(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}

/** The place of the events; throws `invalid_field` in words. */
function placeOf(url: string) {
  try {
    return parseClickhouseUrl(url);
  } catch (error) {
    throw new Problem('invalid_field', error instanceof Error ? error.message : String(error), { field: 'events' });
  }
}

/** What went wrong, as a sentence. */
function sentenceOf(error: unknown): string {
  const said = (error instanceof Error ? error.message : String(error)).trim();
  return /[.!?]$/.test(said) ? said : `${said}.`;
}

/** Opens one side of where it goes; what is wrong with it is told with its name. */
async function reach<T>(side: 'PostgreSQL' | 'ClickHouse', opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    throw new Error(`${side}: ${sentenceOf(error)}`, { cause: error });
  }
}

/** One move at a time; when it fails all goes on as before, and it may be begun again. */
export class Mover implements Moving {
  readonly #options: MoverOptions;
  #status: MoveStatus = { state: 'none', done: 0 };
  #running: Promise<void> | undefined;
  readonly #stopping = new AbortController();

  constructor(options: MoverOptions) {
    this.#options = options;
  }

  status(): MoveStatus {
    return this.#status;
  }

  /** Begins, or lets the move that is under way go on. Throws `invalid_field`, `conflict`. */
  async start(target: MoveTarget): Promise<MoveStatus> {
    const { config } = this.#options;
    if (config.config_url !== null || config.events_url !== null) {
      throw new Problem('conflict', 'This server works with PostgreSQL or ClickHouse already.');
    }
    if (this.#running === undefined && this.#status.state !== 'moved') {
      placeOf(target.events);
      if (!/^postgres(ql)?:\/\//.test(target.config)) {
        throw new Problem('invalid_field', 'Give postgres://user:password@host/database.', { field: 'config' });
      }
      this.#status = { state: 'copying', done: 0 };
      this.#running = this.#move(target).finally(() => {
        this.#running = undefined;
      });
    }
    return this.#status;
  }

  /** Ends the move that is under way where it can be gone on with. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The server stopped.'));
    await this.#running;
  }

  /** Never rejects: what went wrong is the status. */
  async #move(target: MoveTarget): Promise<void> {
    const { log } = this.#options;
    try {
      const onError = (err: unknown): void => log.error({ err }, 'the target failed');
      const to = await reach('PostgreSQL', openConfigStore({ url: target.config, onError }));
      try {
        await this.#moveInto(to, target);
      } finally {
        await to.close();
      }
    } catch (error) {
      log.error({ err: error }, 'the move failed; it may be begun again');
      this.#status = {
        ...this.#status,
        state: 'failed',
        error: sentenceOf(error),
      };
    }
  }

  async #moveInto(to: ConfigStore, target: MoveTarget): Promise<void> {
    const { configuration, store, config } = this.#options;
    await beginMoveInto(to);
    await copyConfig(configuration, to);
    // Only who moves needs its client.
    const { ClickhouseEngine } = await import('./store/clickhouse-engine.ts');
    const engine = await reach('ClickHouse', ClickhouseEngine.open({ place: placeOf(target.events) }));
    const folder = await mkdtemp(join(config.data_dir, 'moving-'));
    const move: EventMove = {
      from: (text, params) => store.query(text, params),
      to: engine,
      folder,
      signal: this.#stopping.signal,
      onProgress: (done, of) => {
        this.#status = { ...this.#status, done: of === 0 ? 1 : done / of };
      },
    };
    try {
      for (let pass = 0; pass < PASSES; pass += 1) await copyChangedDays(move);
      await this.#finish(to, move, target);
    } finally {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** With everybody at rest: the rest, and the comparison of both sides. */
  async #finish(to: ConfigStore, move: EventMove, target: MoveTarget): Promise<void> {
    const { collector, configuration, store, config, log } = this.#options;
    this.#status = { ...this.#status, state: 'finishing' };
    await collector.drain.stop();
    await Promise.all([store.hold(), configuration.hold()]);
    try {
      await copyConfig(configuration, to);
      const [here, there] = [await countConfig(configuration), await countConfig(to)];
      if (JSON.stringify(here) !== JSON.stringify(there)) {
        throw new Problem('conflict', 'The configurations are not the same on both sides.');
      }
      const months = await finishEvents(move);
      const claims = await moveClaims(move.from, new ClaimRows(to));
      const places = { config: withoutSecret(target.config), events: withoutSecret(target.events) };
      await writeFile(join(config.data_dir, MOVED), `${JSON.stringify(places, null, 2)}\n`);
      await endMoveInto(to.db);
      this.#status = { state: 'moved', done: 1, report: { configuration: there, months, claims } };
      log.warn(places, 'everything has moved; restart the server with GOALPOST_CONFIG and GOALPOST_EVENTS');
    } catch (error) {
      configuration.release();
      store.release();
      collector.drain.resume();
      throw error;
    }
  }
}

/** For servers whose events are not in their data folder. */
export const NO_MOVE: Moving & { stop(): Promise<void> } = {
  status: () => ({ state: 'none', done: 0 }),
  async start() {
    throw new Problem('conflict', 'The events of this server are in ClickHouse already.');
  },
  async stop() {},
};

/** Throws SettingError when the folder's data is elsewhere and the settings do not say so. */
export function refuseMovedFolder({ data_dir, config_url, events_url }: ServerConfig): void {
  const file = join(data_dir, MOVED);
  if (!existsSync(file) || (config_url !== null && events_url !== null)) return;
  const { config, events } = JSON.parse(readFileSync(file, 'utf8')) as { config: string; events: string };
  throw new SettingError(
    config_url === null ? 'GOALPOST_CONFIG' : 'GOALPOST_EVENTS',
    `the data of ${data_dir} moved to ${config} and ${events}; set both variables, or remove ${MOVED} to go back.`,
  );
}

/** Throws when a move into this database is not finished; that of this folder was, if the folder says so. */
export async function refuseHalfMoved(store: ConfigStore, { data_dir }: ServerConfig): Promise<void> {
  if (!(await isBeingMovedInto(store.db))) return;
  if (!existsSync(join(data_dir, MOVED))) {
    throw new SettingError('GOALPOST_CONFIG', 'a move into this database is not finished; run goalpost migrate again.');
  }
  await endMoveInto(store.db);
}
