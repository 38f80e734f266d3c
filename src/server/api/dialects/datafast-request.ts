/** What DataFast's requests say: visitors, names, metadata, times and filters, in our words. Pure. */
import { Problem } from '../../../core/problem.ts';
import type { Fields } from './dialect-request.ts';
import { isFields, queryText } from './dialect-request.ts';

const NAME = /^[a-z0-9_:-]{1,64}$/;
const METADATA_KEYS = 10;
const METADATA_KEY = /^[a-z0-9_-]{1,64}$/;
const METADATA_CHARACTERS = 255;
const DESCRIPTION_CHARACTERS = 1_000;
/** Names the product keeps for itself. */
const RESERVED = 'identify';

const refuse = (field: string, message: string) => new Problem('invalid_body', message, { field });

/** Markup has no place in what a dashboard shows. */
const plain = (text: string) => text.replace(/<[^>]*>/g, '').trim();

/** The visitor of a request, by either of its names; undefined when it gives none. */
export function visitorIn(fields: Fields): string | undefined {
  const id = fields.datafast_visitor_id ?? fields.visitorId;
  if (id === undefined || id === null || id === '') return undefined;
  if (typeof id !== 'string' || id.length > 128)
    throw refuse('datafast_visitor_id', 'datafast_visitor_id must be a string of at most 128 characters');
  return id.trim();
}

/** The visitor of a request that must name one. */
export function readVisitor(fields: Fields): string {
  const visitor = visitorIn(fields);
  if (visitor === undefined || visitor === '') throw refuse('datafast_visitor_id', 'datafast_visitor_id is required');
  return visitor;
}

/** A goal's name: lower-cased, spaces to underscores. */
export function readGoalName(raw: unknown): string {
  if (typeof raw !== 'string' || raw.trim() === '') throw refuse('name', 'name is required');
  const name = raw.trim().toLowerCase().replace(/\s+/g, '_');
  if (!NAME.test(name)) throw refuse('name', 'name may only contain a-z, 0-9, _, - and :, at most 64 characters');
  if (name === RESERVED) throw refuse('name', `name "${RESERVED}" is reserved`);
  return name;
}

function readMetadata(raw: unknown): Record<string, string> {
  if (raw === undefined || raw === null) return {};
  if (!isFields(raw)) throw refuse('metadata', 'metadata must be an object');
  const entries = Object.entries(raw);
  if (entries.length > METADATA_KEYS) throw refuse('metadata', `metadata may have at most ${METADATA_KEYS} keys`);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (!METADATA_KEY.test(key))
        throw refuse(`metadata.${key}`, 'metadata keys may only contain a-z, 0-9, _ and -, at most 64 characters');
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
        throw refuse(`metadata.${key}`, 'metadata values must be strings, numbers or booleans');
      const text = plain(String(value));
      if ([...text].length > METADATA_CHARACTERS)
        throw refuse(`metadata.${key}`, `metadata values may have at most ${METADATA_CHARACTERS} characters`);
      return [key, text];
    }),
  );
}

/** Metadata and description of a goal event, as properties of it. */
export function readDetails(fields: Fields): Record<string, string> {
  const metadata = readMetadata(fields.metadata);
  const { description } = fields;
  if (description === undefined || description === null || description === '') return metadata;
  if (typeof description !== 'string' || [...description].length > DESCRIPTION_CHARACTERS)
    throw refuse('description', `description must be a string of at most ${DESCRIPTION_CHARACTERS} characters`);
  return { description: plain(description), ...metadata };
}

/** A moment as ISO 8601 or ms since 1970; undefined when the request gives none. */
export function readMoment(fields: Fields, names: readonly string[]): number | undefined {
  for (const name of names) {
    const raw = fields[name];
    if (raw === undefined || raw === null || raw === '') continue;
    const text = String(raw);
    const ms = /^\d{9,15}$/.test(text) ? Number(text) : Date.parse(text);
    if (!Number.isFinite(ms)) throw refuse(name, `${name} must be an ISO 8601 date`);
    return ms;
  }
  return undefined;
}

/** `is:`, `is_not:` and commas of `filter_*`, as repeated native filters: `!` negates. */
function readFilter(text: string): string[] {
  const [, operator = 'is', values = ''] = /^(?:(is|is_not):)?(.*)$/s.exec(text) ?? [];
  const listed = values.split(',').flatMap((value) => value.trim() || []);
  return listed.map((value) => (operator === 'is_not' ? `!${value}` : value));
}

/** The day of `startAt` or `endAt`, which may carry a time. */
function readDay(query: Fields, name: string): string | undefined {
  const text = queryText(query, name)?.trim();
  if (text === undefined || text === '') return undefined;
  const day = /^\d{4}-\d{2}-\d{2}(?=$|T| )/.exec(text)?.[0];
  if (day === undefined) throw refuse(name, `${name} must be a date such as 2026-01-31`);
  return day;
}

/** Query parameters of analytics as those of our statistics. */
export function statsParams(query: Fields): Record<string, string | string[]> {
  const params: Record<string, string | string[]> = {};
  const start = readDay(query, 'startAt');
  const end = readDay(query, 'endAt');
  const zone = queryText(query, 'timezone');
  if (start !== undefined) params.start_date = start;
  if (end !== undefined) params.end_date = end;
  if (zone !== undefined) params.timezone = zone;
  for (const name of Object.keys(query).filter((key) => key.startsWith('filter_'))) {
    const values = readFilter(queryText(query, name) ?? '');
    if (values.length > 0) params[name] = values;
  }
  return params;
}
