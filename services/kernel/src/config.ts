import { Problem } from '@stratalab/contracts';
import type { Static, TObject } from 'typebox';
import { Value } from 'typebox/value';

/**
 * Reads a configuration object from environment variables: each property of the schema is one variable of the same name.
 * Text becomes the declared type; defaults come from the schema. `description` (one line of why) and `unit` feed the generated reference.
 * @throws invalid-request naming every variable that is missing or not valid
 */
export function loadConfig<Schema extends TObject>(schema: Schema, environment: Readonly<Record<string, string | undefined>>): Static<Schema> {
  const given = Object.fromEntries(
    Object.keys(schema.properties).flatMap(name => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    })
  );
  const config = Value.Convert(schema, Value.Default(schema, given));
  if (Value.Check(schema, config)) return unsafeChecked<Static<Schema>>(config);
  const errors = [...Value.Errors(schema, config)].map(error => `${error.instancePath.replace(/^\//, '') || 'environment'} ${error.message}`);
  throw new Problem('invalid-request', { detail: `The configuration is not valid: ${errors.join('; ')}.` });
}

function unsafeChecked<T>(value: unknown): T {
  return value as T;
}
