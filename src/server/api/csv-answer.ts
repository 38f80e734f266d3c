/** Tables as JSON or, by `Accept: text/csv` or a path that ends in `.csv`, as CSV. */
import { type TArray, type TObject, Type } from '@sinclair/typebox';
import { type CsvRow, csvOf } from '../stats/csv-export.ts';
import type { Answer, Call, Route } from './dialect.ts';
import { ok } from './route.ts';

/** What of an answer becomes a table. */
export interface Table {
  /** In their order; a table without rows has them too. */
  columns: readonly string[];
  rows: readonly object[];
}

/** The columns of a table whose rows are described by a schema. */
export function columnsOf(rows: TArray<TObject>): string[] {
  return Object.keys(rows.items.properties);
}

/** `table` is what of `body` becomes CSV. */
export function answerTable(call: Call, body: unknown, { columns, rows }: Table): Answer {
  const wanted = call.path.endsWith('.csv') || /^\s*text\/csv\b/i.test(call.headers.accept ?? '');
  if (!wanted) return ok(body);
  return {
    status: 200,
    body: csvOf(columns, rows as readonly CsvRow[]),
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="goalpost.csv"',
    },
  };
}

/** A route and its twin that always answers CSV. */
export function withCsv(route: Route): Route[] {
  const twin = {
    ...route,
    path: `${route.path}.csv`,
    summary: `${route.summary} As CSV.`,
    answers: { 200: Type.String() },
  };
  return [route, twin];
}
