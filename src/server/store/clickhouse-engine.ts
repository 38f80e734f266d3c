/** ClickHouse as the store sees it: one node at a time, another when it is away, writes one after the other. */
import { STATISTICS_AT_ONCE, STATISTICS_WAITING } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import { ClickhouseNode } from './clickhouse-node.ts';
import { createVersions, onCluster, SCHEMA_STEPS } from './clickhouse-schema.ts';
import { sweep } from './clickhouse-stage.ts';
import type { ClickhousePlace } from './clickhouse-url.ts';
import type { StoreValue } from './event-store.ts';
import { OneMoment } from './one-moment.ts';
import { QueryGate } from './query-gate.ts';
import { within } from './within.ts';

/** Oldest release that has all that statements use. */
const OLDEST = [24, 8] as const;
/** How long closing waits for a write. */
const CLOSE_MS = 5_000;
/** What cannot be worked with is looked at again after this: somebody has to change it first. */
const WRONG_S = 60;

/** What is done between two moments of reading. */
export interface Writing {
  /** The node everything of this write happens on. */
  node: ClickhouseNode;
  /** Runs work that readers see the whole of, or nothing. */
  atOnce: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Where it is, and who hears of questions. */
export interface EngineOptions {
  place: ClickhousePlace;
  /** Called after each question with the time it took, waiting for others excepted, ms. */
  onRead?: ((ms: number) => void) | undefined;
}

export class ClickhouseEngine {
  readonly place: ClickhousePlace;
  private readonly onRead: EngineOptions['onRead'];
  private readonly nodes: ClickhouseNode[];
  private current = 0;
  private readonly gate = new QueryGate({ at_once: STATISTICS_AT_ONCE, waiting: STATISTICS_WAITING });
  private readonly moment = new OneMoment();
  private lastWrite: Promise<unknown> = Promise.resolve();
  private preparing: Promise<void> | undefined;

  /** Connects when it is first needed. */
  constructor({ place, onRead }: EngineOptions) {
    this.place = place;
    this.onRead = onRead;
    this.nodes = place.nodes.map((url) => new ClickhouseNode(place, url));
  }

  /** Connects and prepares. Throws as `prepare`. */
  static async open(options: EngineOptions): Promise<ClickhouseEngine> {
    const engine = new ClickhouseEngine(options);
    try {
      await engine.prepare();
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  /**
   * Makes what is missing and brings the schema up to date, once; what failed is tried again by who comes next. Throws
   * `overloaded` while it is away, and in words when it is too old, or a newer program wrote the schema.
   */
  prepare(): Promise<void> {
    this.preparing ??= this.makeAll().catch((error: unknown) => {
      this.preparing = undefined;
      throw error;
    });
    return this.preparing;
  }

  private async makeAll(): Promise<void> {
    await createDatabase(this.place);
    await this.onAny((node) => migrate(node, this.place));
    await this.onAny(sweep);
  }

  /** As `prepare`, for who finds only later what is wrong: beacons go on being taken, and work waits. */
  private async prepared(): Promise<void> {
    try {
      await this.prepare();
    } catch (error) {
      if (error instanceof Problem) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new Problem('overloaded', message, { retry_after_s: WRONG_S, cause: error });
    }
  }

  /** Does work on the node in use; the next work is done on another when this one was away or busy. */
  private async onNode<T>(work: (node: ClickhouseNode) => Promise<T>): Promise<T> {
    const used = this.current;
    try {
      return await work(this.nodes[used]!);
    } catch (error) {
      const away = error instanceof Problem && error.code === 'overloaded';
      if (away && this.current === used) this.current = (used + 1) % this.nodes.length;
      throw error;
    }
  }

  /** Does work that may be repeated: on each node in turn, until one is there for it. */
  private async onAny<T>(work: (node: ClickhouseNode) => Promise<T>): Promise<T> {
    for (let tries = 1; tries < this.nodes.length; tries += 1) {
      const used = this.current;
      try {
        return await this.onNode(work);
      } catch (error) {
        if (this.current === used) throw error;
      }
    }
    return this.onNode(work);
  }

  /** Reads behind the gate. */
  read<T>(text: string, params: readonly StoreValue[]): Promise<T[]> {
    return this.gate.pass(() =>
      this.moment.read(async () => {
        const start = performance.now();
        try {
          await this.prepared();
          return await this.onAny((node) => node.ask<T>(text, params));
        } finally {
          this.onRead?.(performance.now() - start);
        }
      }),
    );
  }

  /** Reads what no write can tear, or nobody minds torn: beside the gate, and while others write. */
  async look<T>(work: (node: ClickhouseNode) => Promise<T>): Promise<T> {
    await this.prepared();
    return this.onAny(work);
  }

  /** Runs the work after all writes of this process before it. */
  write<T>(work: (writing: Writing) => Promise<T>): Promise<T> {
    const atOnce: Writing['atOnce'] = (part) => this.moment.write(part);
    const result = this.lastWrite.then(() => this.prepared()).then(() => this.onNode((node) => work({ node, atOnce })));
    this.lastWrite = result.catch(() => undefined);
    return result;
  }

  /** Waits for what is being written, within CLOSE_MS since an engine may hang, then closes: what is cut off is done again. */
  async close(): Promise<void> {
    await within(CLOSE_MS, this.lastWrite);
    await Promise.all(this.nodes.map((node) => node.close()));
  }
}

/** Makes the database when it is missing: who may only use one is not asked for more. */
async function createDatabase(place: ClickhousePlace): Promise<void> {
  let failure: unknown;
  for (const url of place.nodes) {
    const node = new ClickhouseNode({ ...place, database: 'default' }, url);
    try {
      const [row] = await node.ask<{ version: string; known: number }>(
        'SELECT version() AS version, countIf(name = $1) AS known FROM system.databases',
        [place.database],
      );
      checkVersion(row!.version);
      if (row!.known === 0) await node.tell(`CREATE DATABASE IF NOT EXISTS \`${place.database}\`${onCluster(place)}`);
      return;
    } catch (error) {
      failure = error;
    } finally {
      await node.close();
    }
  }
  throw failure;
}

function checkVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Error(`The event store is ClickHouse ${version}; ${OLDEST.join('.')} or later is needed.`);
}

async function migrate(node: ClickhouseNode, place: ClickhousePlace): Promise<void> {
  await node.tell(createVersions(place));
  const [row] = await node.ask<{ version: number | null }>('SELECT max(version) AS version FROM schema_version');
  const version = row?.version ?? 0;
  if (version > SCHEMA_STEPS.length) {
    throw new Error(
      `The event store has schema ${version}, this program knows ${SCHEMA_STEPS.length}: ` +
        'it was written by a newer release of Goalpost. Start that release, or restore a backup made by this one.',
    );
  }
  for (const step of SCHEMA_STEPS.slice(version)) for (const text of step(place)) await node.tell(text);
  if (version < SCHEMA_STEPS.length) await node.tell(`INSERT INTO schema_version VALUES (${SCHEMA_STEPS.length})`);
}
