/** Compiles the routes' schemas: nothing is coerced in bodies, numbers in queries and paths are read from their text. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifySchemaCompiler } from 'fastify';

const strict = { allErrors: false, discriminator: true, strict: false, useDefaults: false } as const;
const forBodies = new Ajv2020({ ...strict, coerceTypes: false });
const forTexts = new Ajv2020({ ...strict, coerceTypes: true });

export const compileSchema: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? forBodies : forTexts).compile(schema) as ReturnType<FastifySchemaCompiler<object>>;
