import { Ajv, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

const options = { strict: false, allErrors: false, useDefaults: true, removeAdditional: false, validateFormats: true } as const;

/** Bodies are taken literally; path and query values arrive as text and are converted to the declared type. */
export function createValidatorCompiler(): FastifySchemaCompiler<TSchema> {
  const literal = new Ajv({ ...options, coerceTypes: false });
  const fromText = new Ajv({ ...options, coerceTypes: 'array' });
  addFormats(literal);
  addFormats(fromText);
  return ({ schema, httpPart }): ValidateFunction => (httpPart === 'body' ? literal : fromText).compile(schema);
}

/** ajv-formats is CommonJS with a default export inside; Node gives the module object. */
function addFormats(ajv: Ajv): void {
  const plugin = unsafeDefaultExport(addFormatsModule);
  plugin(ajv);
}

function unsafeDefaultExport(module: unknown): (ajv: Ajv) => void {
  const candidate = module as { default?: (ajv: Ajv) => void } & ((ajv: Ajv) => void);
  return candidate.default ?? candidate;
}
