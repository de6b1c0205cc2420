/** A JSON schema as far as samples need it. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly default?: unknown;
}

const texts = ['x', 'sample-name', '01arz3ndektsv4rrffq69g5fav', 'urn:strata:demo:job:01arz3ndektsv4rrffq69g5fav', 'a'.repeat(64), '1', 'select 1', '0 6 * * *', 'text/plain'];
const byFormat: Readonly<Record<string, string>> = { 'date-time': '2026-01-01T00:00:00.000Z', date: '2026-01-01', uri: 'https://example.org/' };

/** A small value that a schema accepts, required fields only; texts with a pattern nobody foresaw may be refused. */
export function sampleValue(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return schema.anyOf[0] === undefined ? null : sampleValue(schema.anyOf[0]);
  if (schema.default !== undefined) return schema.default;
  switch (schema.type) {
    case 'object':
      return Object.fromEntries((schema.required ?? []).map(name => [name, sampleValue(schema.properties?.[name] ?? {})]));
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleValue(schema.items ?? {}));
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return false;
    case 'string':
      return sampleText(schema);
    default:
      return null;
  }
}

function sampleText({ pattern, format, minLength = 0 }: Schema): string {
  if (format !== undefined && byFormat[format] !== undefined) return byFormat[format];
  const fits = (text: string): boolean => text.length >= minLength && (pattern === undefined || new RegExp(pattern, 'u').test(text));
  return texts.find(fits) ?? 'x'.repeat(Math.max(1, minLength));
}
