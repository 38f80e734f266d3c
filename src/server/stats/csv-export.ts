/** Statistics as CSV for spreadsheets: a header line, one line a row, money in columns of its own. */
import { stringify } from 'csv-stringify/sync';
import type { Revenue } from './revenue.ts';

type Cell = string | number | boolean | null;

/** Columns of one result row; revenue is spread over lines, one per currency, as spreadsheets cannot nest. */
export type CsvRow = Record<string, Cell | Revenue[]>;

/** The column that is spread: a row's only list. */
const REVENUE = 'revenue';
const MONEY: (keyof Revenue)[] = ['currency', 'total', 'refunded', 'net', 'average'];

/** A text that a spreadsheet would take for a formula gets an apostrophe, also one in signs of full width; negative amounts are none. */
function harmless(cell: Cell): Cell {
  return typeof cell === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(cell) && !/^-\d+(\.\d+)?$/.test(cell)
    ? `'${cell}`
    : cell;
}

/** One row as lines: the counts stand on the first only, so that a column can be summed. */
function linesOf(row: CsvRow, names: readonly string[]): Cell[][] {
  const revenue = row[REVENUE];
  const plain = names.map((name) => row[name] as Cell);
  if (!Array.isArray(revenue)) return [plain];
  const money = revenue.length > 0 ? revenue.map((item) => MONEY.map((name) => item[name])) : [MONEY.map(() => null)];
  return money.map((cells, index) => [
    ...plain.map((cell) => (index === 0 || typeof cell === 'string' ? cell : null)),
    ...cells,
  ]);
}

/**
 * Rows as RFC 4180 text, in the columns named: a table without rows has its header too. Revenue stands last. Cells that a
 * spreadsheet would take for a formula are escaped.
 */
export function csvOf(columns: readonly string[], rows: readonly CsvRow[]): string {
  const names = columns.filter((name) => name !== REVENUE);
  const header = columns.includes(REVENUE) ? [...names, ...MONEY] : names;
  const lines = rows.flatMap((row) => linesOf(row, names)).map((line) => line.map(harmless));
  // Left alone, true would be 1 and false nothing at all.
  // Unquoted, half a line's end would begin a line for spreadsheets, and what follows it could be a formula.
  return stringify([header, ...lines], {
    record_delimiter: '\r\n',
    quoted_match: /[\r\n]/,
    cast: { boolean: String },
  });
}
