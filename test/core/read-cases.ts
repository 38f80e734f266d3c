/** Reads the case files, which are data so that they run anywhere; long texts stand in them as repetitions. */
import { readFileSync } from 'node:fs';

/** `{"$repeat": [text, times]}` becomes the text, `{"$key": [text, times, value]}` an object with that key. */
function expand(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expand);
  if (typeof value !== 'object' || value === null) return value;
  const { $repeat, $key } = value as { $repeat?: [string, number]; $key?: [string, number, unknown] };
  if ($repeat !== undefined) return $repeat[0].repeat($repeat[1]);
  if ($key !== undefined) return { [$key[0].repeat($key[1])]: expand($key[2]) };
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, expand(member)]));
}

/** The cases of `test/cases/<name>.json`. */
export function readCases<T>(name: string): T {
  return expand(JSON.parse(readFileSync(new URL(`../cases/${name}.json`, import.meta.url), 'utf8'))) as T;
}
