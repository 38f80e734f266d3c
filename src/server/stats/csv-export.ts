/** Statistics as CSV for spreadsheets: a header line, one line a row, money in columns of its own. */
import { stringify } from 'csv-stringify/sync';
import type { Revenue } from './revenue.ts';

type Cell = string | number | null;

/** Columns of one result row; revenue is spread over lines, one per currency, as spreadsheets cannot nest. */
export type CsvRow = Record<string, Cell | Revenue[]>;

const MONEY: (keyof Revenue)[] = ['currency', 'total', 'refunded', 'net', 'average'];

/** A text that a spreadsheet would take for a formula gets an apostrophe; negative amounts are none. */
function harmless(cell: Cell): Cell {
  return typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) && !/^-\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell;
}

/** One row as lines: the counts stand on the first only, so that a column can be summed. */
function linesOf(row: CsvRow): Cell[][] {
  const plain = Object.entries(row).filter((entry): entry is [string, Cell] => !Array.isArray(entry[1]));
  const revenue = Object.values(row).find((value) => Array.isArray(value)) as Revenue[] | undefined;
  if (!revenue) return [plain.map(([, cell]) => cell)];
  const money = revenue.length > 0 ? revenue.map((item) => MONEY.map((name) => item[name])) : [MONEY.map(() => null)];
  return money.map((cells, index) => [
    ...plain.map(([, cell]) => (index === 0 || typeof cell === 'string' ? cell : null)),
    ...cells,
  ]);
}

/** Rows of one shape as RFC 4180 text. Cells that a spreadsheet would take for a formula are escaped. */
export function csvOf(rows: readonly CsvRow[]): string {
  const [first] = rows;
  if (!first) return '';
  const names = Object.keys(first).filter((name) => !Array.isArray(first[name]));
  const header = Object.values(first).some((value) => Array.isArray(value)) ? [...names, ...MONEY] : names;
  const lines = rows.flatMap(linesOf).map((line) => line.map(harmless));
  return stringify([header, ...lines], { record_delimiter: '\r\n' });
}
