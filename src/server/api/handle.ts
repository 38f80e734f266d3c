/** The only place where a Problem becomes a response, whatever was thrown and wherever. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../core/problem.ts';
import type { Log } from '../log.ts';
import type { Dialect } from './dialect.ts';

/** A schema's fault as Ajv reports it. */
interface SchemaFault {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}

/** The dialect whose shape an answer on this path has: the longest prefix wins. */
export function dialectOf(dialects: readonly Dialect[], path: string): Dialect {
  let found: Dialect | undefined;
  let length = -1;
  for (const dialect of dialects) {
    for (const prefix of dialect.prefixes) {
      const hit = path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
      if (hit && prefix.length > length) {
        found = dialect;
        length = prefix.length;
      }
    }
  }
  if (found === undefined) throw new Error('No dialect owns "/".');
  return found;
}

/** Sends a problem in its dialect's shape. */
export function sendProblem(reply: FastifyReply, dialect: Dialect, problem: Problem): FastifyReply {
  const refusal = dialect.refuse(problem);
  if (problem.retry_after_s !== undefined) reply.header('retry-after', String(problem.retry_after_s));
  return reply.code(refusal.status).headers(refusal.headers).send(refusal.body);
}

/** Fastify's error handler. Faults of ours are logged with the request's id and told to the client only as `internal`. */
export function problemHandler(dialects: readonly Dialect[], log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = toProblem(error);
    if (problem.code === 'internal') log.error({ err: error, request: request.id }, 'a request failed');
    return sendProblem(reply, dialectOf(dialects, pathOf(request.url)), problem);
  };
}

/** Path of a request target, without query and fragment. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  return end < 0 ? target : target.slice(0, end);
}

/** Any thrown value as a Problem. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return new Problem('internal', 'Something went wrong here.');
  const { code, statusCode, validation, validationContext } = error as FastifyError & { validationContext?: string };
  if (validation !== undefined) return schemaProblem(validation as SchemaFault[], validationContext ?? 'body');
  if (statusCode === 413) return new Problem('too_large', 'The body is larger than this route takes.');
  if (statusCode === 429)
    return new Problem('rate_limited', 'Too many requests from this address.', { retry_after_s: 60 });
  if (code === 'FST_ERR_MAX_PARAM_LENGTH')
    return new Problem('not_found', 'Nothing has a name as long as in this path.');
  if (code === 'FST_ERR_BAD_URL') return new Problem('not_found', 'The path is not a well-formed URL path.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem('invalid_body', 'The request could not be read.', { cause: error });
  }
  return new Problem('internal', 'Something went wrong here; the log has it.', { cause: error });
}

/** What a schema refused, told by the fault that lies deepest: unions report their outer faults too. */
export function schemaProblem(faults: readonly SchemaFault[], context: string): Problem {
  const fault = [...faults].sort((a, b) => depth(b) - depth(a))[0];
  if (fault === undefined) return new Problem('invalid_body', 'The request does not have the shape this route takes.');
  const field = fieldOf(fault);
  const subject = field === '' ? 'The body' : field;
  const code = context === 'body' ? 'invalid_field' : 'invalid_parameter';
  if (context === 'body' && field === '') {
    return new Problem('invalid_body', 'The body must be one JSON object.');
  }
  return new Problem(code, `${subject} ${sentence(fault)}.`, { field });
}

function depth(fault: SchemaFault): number {
  return fault.instancePath.split('/').length + (fault.keyword === 'anyOf' || fault.keyword === 'oneOf' ? -0.5 : 0);
}

/** `/trigger/url/value` → `trigger.url.value`; a missing or unknown member is named itself. */
function fieldOf(fault: SchemaFault): string {
  const path = fault.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const { missingProperty, additionalProperty, tag } = fault.params;
  const own = fault.keyword === 'discriminator' ? tag : (missingProperty ?? additionalProperty);
  if (typeof own === 'string') path.push(own);
  return path.join('.');
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const many = (count: number, one: string) => `${count} ${count === 1 ? one : one.replace(/y$/, 'ie').concat('s')}`;
const BOUNDS: Readonly<Record<string, (limit: number) => string>> = {
  minLength: (limit) => (limit === 1 ? 'must not be empty' : `must have at least ${many(limit, 'character')}`),
  maxLength: (limit) => `must have at most ${many(limit, 'character')}`,
  minItems: (limit) => `must have at least ${many(limit, 'entry')}`,
  maxItems: (limit) => `must have at most ${many(limit, 'entry')}`,
  minProperties: (limit) => `must have at least ${many(limit, 'member')}`,
  maxProperties: (limit) => `must have at most ${many(limit, 'member')}`,
  minimum: (limit) => `must be at least ${limit}`,
  maximum: (limit) => `must be at most ${limit}`,
};

function sentence(fault: SchemaFault): string {
  if (fault.keyword === 'required') return 'is missing';
  if (fault.keyword === 'additionalProperties') return 'is not known here';
  if (fault.keyword === 'discriminator') return 'is none of the known ones';
  if (fault.keyword === 'enum') return `must be one of ${(fault.params.allowedValues as unknown[]).join(', ')}`;
  if (fault.keyword === 'const') return `must be ${JSON.stringify(fault.params.allowedValue)}`;
  if (fault.keyword === 'type') return `must be ${TYPES[String(fault.params.type)] ?? 'of another type'}`;
  if (fault.keyword === 'uniqueItems') return 'must not have the same entry twice';
  const bound = BOUNDS[fault.keyword];
  if (bound !== undefined) return bound(Number(fault.params.limit));
  return fault.message ?? 'is not valid';
}
