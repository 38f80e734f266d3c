/** Tables as JSON or, by `Accept: text/csv` or a path that ends in `.csv`, as CSV. */
import { Type } from '@sinclair/typebox';
import { type CsvRow, csvOf } from '../stats/csv-export.ts';
import type { Answer, Call, Route } from './dialect.ts';
import { ok } from './route.ts';

/** `rows` are the lines of `body` that become a table. */
export function answerTable(call: Call, body: unknown, rows: readonly object[]): Answer {
  const wanted = call.path.endsWith('.csv') || /^\s*text\/csv\b/i.test(call.headers.accept ?? '');
  if (!wanted) return ok(body);
  return {
    status: 200,
    body: csvOf(rows as readonly CsvRow[]),
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
