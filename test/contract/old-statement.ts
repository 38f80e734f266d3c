/**
 * Statements of the store in the words of ClickHouse 18.16, which is no supported release: it has no parameters, no
 * `WITH x AS`, no window functions, no Bool or LowCardinality, no DELETE. Where it has an equal, this says it.
 */

import { SESSION_IDLE_MS } from '../../src/core/limits.ts';
import { runsOf } from '../../src/server/store/clickhouse-words.ts';
import { ROW_COLUMNS } from '../../src/server/store/event-row.ts';
import { EVENT_COLUMNS, IS_SOMEBODY, IS_TRAFFIC } from '../../src/server/store/event-rules.ts';
import { SESSION_DIMENSIONS } from '../../src/server/store/event-store.ts';
import { inOldWords } from './old-words.ts';

/** Index after the bracket that closes the one at `from`; texts between quotes are passed over. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === "'") {
      for (at += 1; text[at] !== "'"; at += 1) if (text[at] === '\\') at += 1;
    } else if (sign === '(') depth += 1;
    else if (sign === ')' && --depth === 0) return at + 1;
  }
  throw new Error(`A bracket is never closed: ${text.slice(from, from + 100)}`);
}

/** Each name of a WITH as the statement it stands for. */
export function withoutWith(text: string): string {
  if (!/^\s*WITH\b/.test(text)) return text;
  const known: [name: string, body: string][] = [];
  const named = (part: string) =>
    known.reduce(
      (said, [name, body]) =>
        said.replace(
          new RegExp(`\\b(FROM|JOIN) ${name}\\b(?! AS \\()( [a-z]\\b(?! *=))?`, 'g'),
          (_, word: string, alias?: string) => `${word} (${body})${alias ?? ''}`,
        ),
      part,
    );
  let rest = text.replace(/^\s*WITH\s+/, '');
  for (;;) {
    const [begin = '', name = ''] = /^\s*,?\s*(\w+) AS \(/.exec(rest) ?? [];
    if (name === '') return named(rest);
    const end = closing(rest, begin.length - 1);
    known.push([name, named(rest.slice(begin.length, end - 1))]);
    rest = rest.slice(end);
  }
}

const FLAGS = ['bot', 'test', 'identified'];
const OF_ONE = ['site', 'session', 'visitor', ...SESSION_DIMENSIONS, 'bot', 'test'];
/** What changes within a run. */
const MOVING = ['hostname', 'path', 'identified'];

/** As `runsOf`: a session's events are sorted in an array, and numbered by the pauses between them. */
function oldRuns(source: string, condition: string): string {
  const grouped = `SELECT ${OF_ONE.join(', ')}, arraySort(groupArray((ts, ${MOVING.join(', ')}))) AS sorted,
      arrayMap(x -> tupleElement(x, 1), sorted) AS times,
      arrayCumSum(arrayMap((x, y) -> x - y > ${SESSION_IDLE_MS} ? 1 : 0, times, arrayPushFront(arrayPopBack(times), times[1]))) AS nths
    FROM ${source} WHERE ${IS_TRAFFIC} AND ${IS_SOMEBODY} AND ${condition} GROUP BY ${OF_ONE.join(', ')}`;
  const of = (place: number) => `tupleElement(one, ${place})`;
  const runs = `SELECT site, session, visitor, min(${of(1)}) AS start_ms, max(${of(1)}) AS end_ms, count() AS events,
      argMin(${of(2)}, ${of(1)}) AS entry_host, argMin(${of(3)}, ${of(1)}) AS entry_path,
      argMax(${of(2)}, ${of(1)}) AS exit_host, argMax(${of(3)}, ${of(1)}) AS exit_path,
      ${[...SESSION_DIMENSIONS, 'bot', 'test'].join(', ')}, max(${of(4)}) AS identified
    FROM (${grouped}) ARRAY JOIN sorted AS one, nths AS nth GROUP BY ${OF_ONE.join(', ')}, nth`;
  const columns = ['start_ms', 'end_ms', 'events', 'entry_host', 'entry_path', 'exit_host', 'exit_path'];
  return `SELECT site, session, visitor, ${columns.join(', ')}, ${[...SESSION_DIMENSIONS, 'bot', 'test'].join(', ')}, identified,
      (site, session) IN (SELECT site, session FROM (${runs}) WHERE session IS NOT NULL GROUP BY site, session
        HAVING count() > 1) AS split FROM (${runs})`;
}

const [RUNS_BEGIN = '', RUNS_MIDDLE = '', RUNS_END = ''] = runsOf('%', '%').split('%');

/** Runs in the words of 18.16; the store's own text for them is known. */
function withOldRuns(text: string): string {
  const at = text.indexOf(RUNS_BEGIN);
  if (at < 0) return text;
  const rest = text.slice(at + RUNS_BEGIN.length);
  const middle = rest.indexOf(RUNS_MIDDLE);
  const end = rest.indexOf(RUNS_END);
  const runs = oldRuns(rest.slice(0, middle), rest.slice(middle + RUNS_MIDDLE.length, end));
  // What is selected of runs hides their columns, in conditions too.
  const after = rest.slice(end + RUNS_END.length);
  const [asked, condition] = /^\)\s+WHERE ((?:end_ms|start_ms)[^()]*?)(?= GROUP BY)/.exec(after) ?? [];
  const chosen = condition === undefined ? runs : `SELECT * FROM (${runs}) WHERE ${condition}`;
  return withOldRuns(`${text.slice(0, at)}${chosen}${asked === undefined ? after : `)${after.slice(asked.length)}`}`);
}

const RECORD = ['place', 'made', 'placed', ...Object.keys(ROW_COLUMNS)];
/** An event as a backfill sees it. */
const SEEN = [...EVENT_COLUMNS, 'seen_url', 'seen_kind', 'seen_amount', 'seen_currency', 'seen_props'];
/** What a table is made of. */
function tableInOldWords(text: string): string {
  return text
    .replace(/LowCardinality\(((?:[^()]|\([^()]*\))*)\)/g, '$1')
    .replace(/ CODEC\((?:[^()]|\([^()]*\))*\)/g, '')
    .replace(/,\s*INDEX \w+ \w+ TYPE bloom_filter GRANULARITY 4/g, '')
    .replace(/ SETTINGS index_granularity = \d+/, '')
    .replace(/ TTL .*$/, '')
    .replace("DateTime('UTC')", 'DateTime')
    .replace(/(sipHash64\(.*), (id|key)\)/, '$1, toString($2))')
    .replace(/\bBool\b/g, 'UInt8')
    .replace(/MATERIALIZED (9\d+ - \w+)/g, 'MATERIALIZED toUInt64($1)');
}

/** Hex digits as a UUID: the old function wants its dashes. */
function withDashes(text: string): string {
  const begin = /toUUID\((?=splitByChar|lower)/.exec(text);
  if (!begin) return text;
  const from = begin.index + begin[0].length;
  const end = closing(text, from - 1);
  const digits = "'^(.{8})(.{4})(.{4})(.{4})(.{12})$', '\\\\1-\\\\2-\\\\3-\\\\4-\\\\5'";
  return `${text.slice(0, from)}replaceRegexpOne(${text.slice(from, end - 1)}, ${digits})${withDashes(text.slice(end - 1))}`;
}

/** Rows numbered in an order: sorted, then numbered. */
function withNumbers(text: string): string {
  const numbered = /row_number\(\) OVER \((ORDER BY [^()]*)\) - 1, (\d+)\) AS place\s+FROM (?=\()/.exec(text);
  if (!numbered) return text;
  const [said, order, most] = numbered as unknown as [string, string, string];
  const from = numbered.index + said.length;
  const end = closing(text, from);
  const sorted = `(SELECT * FROM ${text.slice(from, end)} ${order})`;
  return `${text.slice(0, numbered.index)}rowNumberInAllBlocks(), ${most}) AS place FROM ${sorted}${text.slice(end)}`;
}

/** Sums by a text: the old `sumMap` knows numbers only, so what is to be added is gathered and added in the end. */
function withGathered(text: string): string {
  const gathered = (column: string) => `groupArrayArray(v.${column})`;
  const names = (column: string) => `arrayDistinct(arrayMap(t -> tupleElement(t, 1), ${gathered(column)}))`;
  return text
    .replace(/sumMapIf\(\[(coalesce\(currency, ''\))\], \[((?:[^()\]]|\([^()]*\))*)\], /g, 'groupArrayIf(($1, $2), ')
    .replace(
      /sumMap\(tupleElement\(v\.(\w+), 1\), tupleElement\(v\.\w+, 2\)\)/g,
      (_, column: string) =>
        `(${names(column)}, arrayMap(c -> arraySum(arrayMap(t -> tupleElement(t, 1) = c ? tupleElement(t, 2) : toInt64(0), ` +
        `${gathered(column)})), ${names(column)}))`,
    );
}

/** A funnel's steps: what is selected hides columns of its name, so it is selected once more. */
function withoutHiding(text: string): string {
  return text.replace(
    /SELECT s\.who AS who, s\.start_ms AS start_ms, min\(m\.ts\) AS at_ms FROM (.*?) WHERE m\.ts >= s\.at_ms AND m\.ts <= s\.start_ms (\+ \d+) GROUP BY s\.who, s\.start_ms/g,
    'SELECT who, start_ms, min(ts) AS at_ms FROM (SELECT s.who AS who, s.start_ms AS start_ms, s.at_ms AS from_ms, m.ts AS ts ' +
      'FROM $1) WHERE ts >= from_ms AND ts <= start_ms $2 GROUP BY who, start_ms',
  );
}

/** `ORDER BY ALL` by the names of what is selected; of everything there is no order to name. */
function orderedByNames(text: string): string {
  return text.replace(/^SELECT (.*?) FROM (.*) ORDER BY ALL/s, (_, columns: string, rest: string) => {
    const names = columns.split(',').map((column) => / AS (\w+)$/.exec(column)?.[1] ?? column.trim());
    return `SELECT ${columns} FROM ${rest}${columns === '*' ? '' : ` ORDER BY ${names.join(', ')}`}`;
  });
}

/** A statement that asks or inserts, parameters written into it. */
export function questionInOldWords(text: string): string {
  const said = withDashes(withGathered(withNumbers(orderedByNames(withOldRuns(withoutWith(withoutHiding(text)))))))
    .replace('version() AS version', "'24.8' AS version")
    // What is selected hides columns of its name, in conditions too.
    .replace(
      /^(INSERT INTO conversions \([^)]*\) SELECT .*?) FROM (conversions WHERE .*)$/s,
      '$1 FROM (SELECT * FROM $2)',
    )
    .replace(
      /^(SELECT site, goal, generation, toString\(key\) AS key, toString\(event\) AS event) FROM (conversions WHERE .*?)(\s*FORMAT \w+)?$/s,
      '$1 FROM (SELECT * FROM $2)$3',
    )
    .replaceAll('ORDER BY max(end_ms) DESC', 'ORDER BY end_ms DESC')
    .replace(/\bany_value\(/g, 'any(')
    .replace(/\bmax\(NOT refund\)/g, 'max(refund = 0)')
    .replace(/char\(31\)/g, "'\\x1f'")
    .replace(/'([\da-f]{8})([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})'/g, "'$1-$2-$3-$4-$5'")
    .replace(/SELECT \* EXCEPT \(amount, currency\), arrayJoin/, `SELECT ${without(RECORD)}, arrayJoin`)
    .replace(/SELECT \* EXCEPT \(amount, currency\) FROM/, `SELECT ${without(SEEN)} FROM`)
    .replace(/row_number\(\) OVER \(\)/g, '(rowNumberInAllBlocks() + 1)')
    .replace(
      /CASE counting (.*?) END/gs,
      (_, cases: string) => `CASE ${cases.replace(/WHEN ('\w+')/g, 'WHEN counting = $1')} END`,
    )
    .replace(/CAST\(((?:[^()]|\([^()]*\))*) AS Bool\)/g, '($1)')
    .replace(/count\(DISTINCT (\w+(?:, \w+)+)\)/g, 'coalesce(uniqExact($1), 0)');
  const counted = said
    .replace(/count\(DISTINCT (\w+)\) FILTER \(WHERE ((?:[^()]|\([^()]*\))*)\)/g, 'coalesce(uniqExactIf($1, $2), 0)')
    .replace(/count\(DISTINCT (\w+)\)/g, 'coalesce(uniqExact($1), 0)');
  return inOldWords(counted, []);
}

const without = (columns: readonly string[]) =>
  columns.filter((name) => name !== 'amount' && name !== 'currency').join(', ');

/** A statement that makes something; undefined where there is nothing to make. */
export function definitionInOldWords(text: string): string {
  if (/^\s*CREATE VIEW/.test(text)) return questionInOldWords(text).replace(/FINAL FINAL/g, 'FINAL');
  return tableInOldWords(text).replace(
    /ENGINE = ReplacingMergeTree\((\w*)\)/,
    (_, version: string) =>
      `ENGINE = ReplicatedReplacingMergeTree('/clickhouse/{shard}/{database}/${/EXISTS (\w+)/.exec(text)?.[1]}', '{replica}'${version ? `, ${version}` : ''})`,
  );
}

/** Columns that are answered as true or false. */
export const TRUTHS = [...FLAGS, 'refund', 'split', 'lasting', 'ordered'];
