/** Opens PostgreSQL for Kysely: numbers as numbers, waiting bounded, and a database that is away is `overloaded`. */
import {
  type PostgresCursor,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
  sql,
} from 'kysely';
import pg from 'pg';
import { Problem } from '../../core/problem.ts';
import type { ConfigEngine } from './config-engine.ts';

const CONNECTIONS_MOST = 10;
/** Also how long a request waits for one of the connections. */
const CONNECT_WAIT_MS = 10_000;
const STATEMENT_MS = 10_000;
const INT8 = 20;

/** 64-bit integers are times, counters and revisions here: none exceeds 2^53. */
const types = {
  getTypeParser(type: number, format?: 'text' | 'binary'): (value: string) => unknown {
    return type === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(type, format as 'text');
  },
};

/** An error of PostgreSQL about the statement has a five-character state; anything else is the connection's. */
function isAway(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Classes 08: connection, 53: resources, 57: operator (shutdown, cancelled by a timeout).
  return !/^[0-9A-Z]{5}$/.test(code) || /^(08|53|57)/.test(code);
}

function awayProblem(error: unknown): unknown {
  if (!isAway(error)) return error;
  return new Problem('overloaded', 'The configuration database does not answer.', { retry_after_s: 5, cause: error });
}

/** Connections whose failures are Problems. */
class ProblemPool implements PostgresPool {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async connect(): Promise<PostgresPoolClient> {
    try {
      return new ProblemClient(await this.#pool.connect());
    } catch (error) {
      throw awayProblem(error);
    }
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}

/** A connection that broke is closed when it is given back; the pool opens another. */
class ProblemClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  #broken: Error | undefined;
  readonly #noteBroken = (error: Error): void => {
    this.#broken = error;
  };

  constructor(client: pg.PoolClient) {
    this.#client = client;
    client.on('error', this.#noteBroken);
  }

  query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(text: string | PostgresCursor<R>, parameters: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') throw new Error('The configuration is never read by cursors.');
    return this.#run(text, parameters);
  }

  release(): void {
    this.#client.off('error', this.#noteBroken);
    this.#client.release(this.#broken);
  }

  async #run(text: string, parameters: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#client.query(text, [...parameters]);
    } catch (error) {
      if (isAway(error) && error instanceof Error) this.#broken = error;
      throw awayProblem(error);
    }
  }
}

/**
 * Connects lazily, and again whenever needed. `onError` hears of idle connections that broke. Deleted rows leave the
 * table's file with the rewriting; the database's own log keeps them until it is recycled.
 */
export function openPostgres(url: string, onError: (error: unknown) => void): ConfigEngine {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MOST,
    connectionTimeoutMillis: CONNECT_WAIT_MS,
    statement_timeout: STATEMENT_MS,
    lock_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    types,
  });
  pool.on('error', onError);
  const dialect = new PostgresDialect({ pool: new ProblemPool(pool) });
  return { dialect, forgetSalts: sql`vacuum (full) salts`, copyTo: null };
}
