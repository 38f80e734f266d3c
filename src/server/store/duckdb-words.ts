/** What DuckDB says in its own way. */
import { wholeTraffic } from './event-rules.ts';
import type { SqlWords } from './sql-words.ts';

/** DuckDB's. */
export const DUCKDB_WORDS: SqlWords = {
  engine: 'duckdb',
  keepsRuns: true,
  startsWith: (text, start) => `starts_with(${text}, ${start})`,
  endsWith: (text, end) => `ends_with(${text}, ${end})`,
  eachFrom: (from, to) => `unnest(range(${from}, ${to}))`,
  md5: (text) => `md5(${text})`,
  near: () => '',
  wholeTraffic,
  runs: () => 'sessions',
};
