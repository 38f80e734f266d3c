/**
 * Statistics in the words of ClickHouse 18.16, the only one that can be run as a real cluster here. Values are written into the
 * text, `FINAL` after each table, and what it has not is said in its words: `FILTER` as `…If`, `CAST(… AS VARCHAR)` as
 * `toString`, `true` as 1.
 */

import type { StoreValue } from '../../src/server/store/event-store.ts';

function literal(value: StoreValue): string {
  if (typeof value !== 'string') return String(value);
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A statement in the words of 18.16. */
export function inOldWords(text: string, params: readonly StoreValue[]): string {
  return text
    .replace(/\b(count|sum)\((\*|\w+)\) FILTER \(WHERE ((?:[^()]|\([^()]*\))*)\)/g, (_, name, of, condition) =>
      of === '*' ? `${name}If(${condition})` : `${name}If(${of}, ${condition})`,
    )
    .replace(/CAST\(((?:[^()]|\([^()]*\))*) AS VARCHAR\)/g, 'toString($1)')
    .replace(/count\(DISTINCT (\w+)\)/g, 'uniqExact($1)')
    .replace(/\btrue\b/g, '1')
    .replace(/\bfalse\b/g, '0')
    .replace(/\bFROM (events|conversions)\b/g, 'FROM $1 FINAL')
    .replace(/\$(\d+)/g, (_, place: string) => literal(params[Number(place) - 1] ?? null));
}
