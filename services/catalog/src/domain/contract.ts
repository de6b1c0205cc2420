import { Problem } from '@stratalab/contracts';
import { Ajv, type ValidateFunction } from 'ajv';
import { LineCounter, parseDocument } from 'yaml';
import { boundsInWords, hasBounds, type Bounds, type CompiledCheck } from './checks.ts';
import { compileMetric, invalid } from './compile-metric.ts';
import { identifier } from './columns.ts';
import { odcsSchema, type OdcsDocument, type OdcsProperty, type OdcsQuality } from './odcs-schema.ts';

const validate: ValidateFunction<OdcsDocument> = new Ajv({ strict: false, allErrors: true }).compile<OdcsDocument>(odcsSchema);
const highestChecks = 500;

interface Refusal {
  readonly path: string;
  readonly message: string;
}

/**
 * Reads an ODCS 3.1 document and compiles its checks: each becomes one SQL aggregate. Checks of type `text` are for people and are not run.
 * @param schemaName the table of the document that describes this dataset; the only one, or the one of that name
 * @throws invalid-input naming every place that is wrong
 */
export function compileContract(document: string, schemaName: string): CompiledCheck[] {
  const contract = parse(document);
  const table = contract.schema.length === 1 ? contract.schema[0] : contract.schema.find(({ name }) => name === schemaName);
  if (table === undefined) {
    throw refuse([{ path: '/schema', message: `none of the ${contract.schema.length} tables is called '${schemaName}'` }]);
  }
  const at = `/schema/${contract.schema.indexOf(table)}`;
  const refusals: Refusal[] = [];
  const add = (path: string, result: CompiledCheck | Refusal | undefined): CompiledCheck[] => {
    if (result === undefined) return [];
    if (!('message' in result)) return [{ ...result, id: path }];
    refusals.push(result);
    return [];
  };
  const checks = [
    ...(table.quality ?? []).flatMap((quality, index) => add(`${at}/quality/${index}`, compileQuality(quality, undefined, `${at}/quality/${index}`))),
    ...(table.properties ?? []).flatMap((property, index) => {
      const place = `${at}/properties/${index}`;
      return [
        ...impliedChecks(property, place),
        ...(property.quality ?? []).flatMap((quality, number) => add(`${place}/quality/${number}`, compileQuality(quality, property.name, `${place}/quality/${number}`)))
      ];
    })
  ];
  if (refusals.length > 0) throw refuse(refusals);
  if (checks.length > highestChecks) throw refuse([{ path: at, message: `more than ${highestChecks} checks` }]);
  return checks;
}

function parse(document: string): OdcsDocument {
  const lines = new LineCounter();
  const parsed = parseDocument(document, { lineCounter: lines, maxAliasCount: 0 } as Parameters<typeof parseDocument>[1]);
  const [first] = parsed.errors;
  if (first !== undefined) {
    const { line, col } = lines.linePos(first.pos[0]);
    throw refuse([{ path: `line ${line}, column ${col}`, message: first.message.split('\n')[0] ?? 'not valid YAML' }]);
  }
  const value: unknown = parsed.toJS({ maxAliasCount: 100 });
  if (validate(value)) return value;
  throw refuse((validate.errors ?? []).slice(0, 20).map(({ instancePath, message }) => ({ path: instancePath === '' ? '/' : instancePath, message: message ?? 'is not valid' })));
}

function refuse(errors: readonly Refusal[]): Problem {
  const [first] = errors;
  return new Problem('invalid-input', {
    detail: `The contract cannot be used: ${first?.path ?? ''} ${first?.message ?? ''}${errors.length > 1 ? `, and ${errors.length - 1} more` : ''}.`,
    hint: 'It must be an Open Data Contract Standard document (apiVersion v3.1.0).',
    errors: [...errors]
  });
}

/** Checks that follow from what a column is said to be. */
function impliedChecks(property: OdcsProperty, place: string): CompiledCheck[] {
  const { name, required, unique, logicalTypeOptions } = property;
  const column = identifier(name);
  const base = { column: name, severity: 'error', isQuery: false, bounds: { mustBe: 0 }, unit: 'rows' } as const;
  const outside = logicalTypeOptions === undefined ? undefined : invalid(logicalTypeOptions, column);
  return [
    ...(required === true ? [{ ...base, id: `${place}/required`, rule: `${name} must not be null`, sql: `count(*) filter (where ${column} is null)` }] : []),
    ...(unique === true ? [{ ...base, id: `${place}/unique`, rule: `${name} must be unique`, sql: `count(${column}) - count(distinct ${column})` }] : []),
    ...(outside === undefined ? [] : [{ ...base, id: `${place}/logicalTypeOptions`, rule: `${name} must keep its limits`, sql: `count(*) filter (where ${outside})` }])
  ];
}

function compileQuality(quality: OdcsQuality, column: string | undefined, path: string): CompiledCheck | Refusal | undefined {
  const type = quality.type ?? 'library';
  if (type === 'text') return undefined;
  if (type === 'custom') return { path, message: 'checks of type custom need another engine; use library or sql' };
  const bounds: Bounds = quality;
  if (!hasBounds(bounds)) return { path, message: 'has no mustBe… bound' };
  const unit = quality.unit ?? 'rows';
  const severity = quality.severity === 'warning' || quality.severity === 'info' ? 'warning' : 'error';
  const common = { id: path, column: column ?? null, severity, bounds, unit } as const;
  if (type === 'sql') {
    if (quality.query === undefined) return { path, message: 'has no query' };
    const sql = quality.query
      .replaceAll(/\$\{(?:object|table)\}|\{(?:object|table)\}/g, 'data')
      .replaceAll(/\$\{(?:property|column)\}|\{(?:property|column)\}/g, column === undefined ? '' : identifier(column));
    return { ...common, sql, isQuery: true, rule: `${quality.name ?? quality.description ?? 'result of a query'} ${boundsInWords(bounds, unit)}` };
  }
  const compiled = compileMetric(quality, column);
  if ('refusal' in compiled) return { path, message: compiled.refusal };
  const subject = column === undefined ? compiled.words : `${compiled.words} of ${column}`;
  return { ...common, sql: compiled.sql, isQuery: false, rule: `${subject} ${boundsInWords(bounds, unit)}` };
}
