/** Requests at random from the OpenAPI document: what it describes, with something else in any place now and then. */
import fc from 'fast-check';
import { text } from '../collector/hostile-batch.ts';

/** As much of JSON Schema as the document uses. */
export interface Schema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

/** An operation of the document. */
export interface Operation {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

/** A request as it is sent. */
export interface RandomRequest {
  method: string;
  /** With the query. */
  path: string;
  /** undefined: none. */
  body: string | undefined;
}

const DEPTH = 5;

function objectOf(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => [name, valueFor(member, depth)] as const,
  );
  const known = fc.record(Object.fromEntries(members), { requiredKeys: schema.required ?? [] });
  if (schema.additionalProperties === undefined || schema.additionalProperties === false) return known;
  const more =
    schema.additionalProperties === true ? fc.jsonValue({ maxDepth: 1 }) : valueFor(schema.additionalProperties, depth);
  return fc.tuple(fc.dictionary(text, more, { maxKeys: 3 }), known).map(([extra, own]) => ({ ...extra, ...own }));
}

function stringOf({ maxLength = 100 }: Schema): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.string({ maxLength: Math.min(maxLength, 12) }) },
    { weight: 2, arbitrary: text },
    fc.constantFrom('2026-01-01', 'EUR', '49.99', '/a', '.a', 'x'.repeat(maxLength), 'x'.repeat(maxLength + 1)),
  );
}

function numberOf({ type, minimum = -10, maximum = 2 ** 31 }: Schema): fc.Arbitrary<unknown> {
  if (type === 'number') return fc.oneof(fc.double(), fc.integer());
  return fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: minimum, max: Math.min(maximum, minimum + 100) }) },
    fc.constantFrom(minimum - 1, maximum, maximum + 1, 0.5),
  );
}

function described(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => valueFor(choice, depth)));
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => valueFor({ ...schema, type }, depth)));
  if (schema.type === 'object') return objectOf(schema, depth);
  if (schema.type === 'array') return fc.array(valueFor(schema.items ?? {}, depth), { maxLength: 3 });
  if (schema.type === 'string') return stringOf(schema);
  if (schema.type === 'integer' || schema.type === 'number') return numberOf(schema);
  if (schema.type === 'boolean') return fc.boolean();
  return schema.type === 'null' ? fc.constant(null) : fc.jsonValue({ maxDepth: 2 });
}

/** A value of that schema, seldom any other. */
function valueFor(schema: Schema, depth = DEPTH): fc.Arbitrary<unknown> {
  if (depth === 0) return fc.constant(null);
  return fc.oneof(
    { weight: 30, arbitrary: described(schema, depth - 1) },
    { weight: 1, arbitrary: fc.oneof(text, fc.jsonValue({ maxDepth: 2 })) },
  );
}

/** Requests of an operation. `names` are values of parameters in paths, which else are anything. */
export function requestOf(
  [path, method]: readonly [path: string, method: string],
  { parameters = [], requestBody }: Operation,
  names: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<RandomRequest> {
  const segments = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    const known = names[name!];
    const any = text.map((segment) => segment || 'x');
    const value = known ? fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...known) }, any) : any;
    return [name!, value] as const;
  });
  const query = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema }) => [name, names[name] ? fc.constantFrom(...names[name]) : valueFor(schema)] as const);
  const schema = Object.values(requestBody?.content ?? {})[0]?.schema;
  const body = fc.oneof(
    { weight: 12, arbitrary: schema ? valueFor(schema).map((value) => JSON.stringify(value)) : fc.constant(undefined) },
    fc.oneof(fc.json(), fc.constantFrom('', '{', '[]', '{"__proto__":{"x":1}}', '[[[[[[[[[[')),
  );
  return fc
    .record({
      at: fc.record(Object.fromEntries(segments)),
      query: fc.record(Object.fromEntries(query), { requiredKeys: [] }),
      body: method === 'get' ? fc.constant(undefined) : body,
    })
    .map(({ at, query: asked, body: sent }) => {
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(at[name]));
      const search = Object.entries(asked).map(([name, value]) => `${name}=${encoded(value)}`);
      return { method: method.toUpperCase(), path: `${filled}?${search.join('&')}`, body: sent };
    });
}

/** In a URL; lone surrogates have no place there. */
function encoded(value: unknown): string {
  const said = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return encodeURIComponent(Buffer.from(said).toString());
}
