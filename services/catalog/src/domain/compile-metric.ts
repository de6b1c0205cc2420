import { identifier, literal } from './columns.ts';
import type { OdcsQuality } from './odcs-schema.ts';

/** What a check counts, as one SQL aggregate; or why it cannot be. */
export type Compiled = { readonly sql: string; readonly words: string } | { readonly refusal: string };

/** Compiles a library metric of ODCS to one aggregate over the table `data`. `column` is undefined for checks of the whole table. */
export function compileMetric(quality: OdcsQuality, column: string | undefined): Compiled {
  const metric = quality.metric ?? quality.rule;
  const isPercent = quality.unit === 'percent';
  if (metric === 'rowCount') return isPercent ? { refusal: 'rowCount has no percentage.' } : { sql: 'count(*)', words: 'row count' };
  if (metric === 'duplicateValues') return duplicates(quality, column, isPercent);
  if (column === undefined) return { refusal: `${metric ?? 'This check'} needs a column; write it below one.` };
  const name = identifier(column);
  switch (metric) {
    case 'nullValues':
      return { sql: share(`${name} is null`, isPercent), words: 'null values' };
    case 'missingValues':
      return { sql: share(missing(quality, name), isPercent), words: 'missing values' };
    case 'invalidValues': {
      const condition = invalid({ ...quality.arguments }, name);
      if (condition === undefined) return { refusal: 'invalidValues needs arguments: validValues, pattern, minimum, maximum, minLength or maxLength.' };
      return { sql: share(condition, isPercent), words: 'invalid values' };
    }
    default:
      return { refusal: metric === undefined ? 'A check needs a metric or a query.' : `The metric '${metric}' is not known.` };
  }
}

/** Condition that a value breaks the rules; `undefined` when there are none. Null is not invalid: nullValues counts it. */
export function invalid(rules: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const text = `cast(${name} as varchar)`;
  const parts: string[] = [];
  const { validValues, pattern, minimum, maximum, minLength, maxLength } = rules;
  if (Array.isArray(validValues) && validValues.length > 0) parts.push(`${text} not in (${validValues.map(value => literal(String(value))).join(', ')})`);
  if (typeof pattern === 'string') parts.push(`not regexp_full_match(${text}, ${literal(pattern)})`);
  if (typeof minimum === 'number') parts.push(`try_cast(${name} as double) < ${minimum}`);
  if (typeof maximum === 'number') parts.push(`try_cast(${name} as double) > ${maximum}`);
  if (typeof minLength === 'number') parts.push(`length(${text}) < ${minLength}`);
  if (typeof maxLength === 'number') parts.push(`length(${text}) > ${maxLength}`);
  return parts.length === 0 ? undefined : `${name} is not null and (${parts.join(' or ')})`;
}

function missing(quality: OdcsQuality, name: string): string {
  const given = quality.arguments?.['missingValues'];
  const values = Array.isArray(given) ? given : ['', null];
  const texts = values.filter(value => value !== null).map(value => literal(String(value)));
  return texts.length === 0 ? `${name} is null` : `${name} is null or cast(${name} as varchar) in (${texts.join(', ')})`;
}

/** Rows whose values were seen before: all rows with values less the distinct ones. */
function duplicates(quality: OdcsQuality, column: string | undefined, isPercent: boolean): Compiled {
  const given = quality.arguments?.['properties'];
  const columns = column !== undefined ? [column] : Array.isArray(given) ? given.map(String) : [];
  if (columns.length === 0) return { refusal: 'duplicateValues of a table needs arguments.properties: the columns that belong together.' };
  const key = columns.length === 1 ? columns.map(identifier).join() : `row(${columns.map(identifier).join(', ')})`;
  const sql = `count(${key}) - count(distinct ${key})`;
  return { sql: isPercent ? `100.0 * (${sql}) / nullif(count(*), 0)` : sql, words: columns.length === 1 ? 'duplicate values' : `duplicates of ${columns.join(', ')}` };
}

function share(condition: string, isPercent: boolean): string {
  const sql = `count(*) filter (where ${condition})`;
  return isPercent ? `coalesce(100.0 * ${sql} / nullif(count(*), 0), 0)` : sql;
}
