import { Problem } from '@stratalab/contracts';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

export interface JsonSetting<Schema extends TSchema> {
  readonly name: string;
  readonly schema: Schema;
  /** What it should be, for operators. */
  readonly hint: string;
}

/** The value of a setting that is written as JSON. @throws invalid-request naming the setting and what of it is not valid */
export function readJsonSetting<Schema extends TSchema>({ name, schema, hint }: JsonSetting<Schema>, text: string): Static<Schema> {
  const value = parsed(text);
  if (Value.Check(schema, value)) return value;
  const [error] = Value.Errors(schema, value);
  throw new Problem('invalid-request', {
    detail: `${name} is not valid: ${value === undefined || error === undefined ? 'no JSON' : `${error.instancePath} ${error.message}`.trim()}.`,
    hint
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
