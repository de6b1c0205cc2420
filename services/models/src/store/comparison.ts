import { sql, type RawBuilder } from 'kysely';
import { invalidParameter } from '../domain/mlflow-error.ts';
import type { Condition } from '../domain/filter.ts';

type Fragment = RawBuilder<unknown>;

/** `column <operator> value` for texts; values are parameters. @throws INVALID_PARAMETER_VALUE for a comparison texts do not have */
export function compareText(column: Fragment, condition: Condition): RawBuilder<boolean> {
  const { operator, value } = condition;
  if (operator === 'IN' || operator === 'NOT IN') {
    const list = Array.isArray(value) ? value : [];
    return operator === 'IN' ? sql<boolean>`${column} = any(${list}::text[])` : sql<boolean>`${column} <> all(${list}::text[])`;
  }
  if (typeof value !== 'string') throw invalidParameter(`Expected a quoted string value for '${condition.key}'.`);
  switch (operator) {
    case '=':
      return sql<boolean>`${column} = ${value}`;
    case '!=':
      return sql<boolean>`${column} <> ${value}`;
    case 'LIKE':
      return sql<boolean>`${column} like ${value}`;
    case 'ILIKE':
      return sql<boolean>`${column} ilike ${value}`;
    default:
      throw invalidParameter(`Invalid comparator '${operator}' for '${condition.key}': texts have =, !=, LIKE, ILIKE, IN and NOT IN.`);
  }
}

/** `column <operator> value` for numbers. @throws INVALID_PARAMETER_VALUE for a comparison numbers do not have */
export function compareNumber(column: Fragment, condition: Condition): RawBuilder<boolean> {
  const value = typeof condition.value === 'string' ? Number(condition.value) : condition.value;
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidParameter(`Expected a numeric value for '${condition.key}'.`);
  switch (condition.operator) {
    case '=':
      return sql<boolean>`${column} = ${value}::float8`;
    case '!=':
      return sql<boolean>`${column} <> ${value}::float8`;
    case '<':
      return sql<boolean>`${column} < ${value}::float8`;
    case '<=':
      return sql<boolean>`${column} <= ${value}::float8`;
    case '>':
      return sql<boolean>`${column} > ${value}::float8`;
    case '>=':
      return sql<boolean>`${column} >= ${value}::float8`;
    default:
      throw invalidParameter(`Invalid comparator '${condition.operator}' for '${condition.key}': numbers have =, !=, <, <=, > and >=.`);
  }
}

/** Wraps a comparison of a row that may be missing: IS NULL asks for its absence. @param where builds the condition on the row */
export function existing(from: Fragment, column: Fragment, condition: Condition): RawBuilder<boolean> {
  if (condition.operator === 'IS NULL') return sql<boolean>`not exists (select 1 ${from})`;
  if (condition.operator === 'IS NOT NULL') return sql<boolean>`exists (select 1 ${from})`;
  return sql<boolean>`exists (select 1 ${from} and ${compareText(column, condition)})`;
}

/** Joins conditions with AND. */
export function all(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

/** Pages of searches whose order is anybody's: the token is the number of rows before it. */
export function offsetOf(token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  const offset = Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isSafeInteger(offset) || offset < 0) throw invalidParameter('Invalid page token.');
  return offset;
}

export function tokenAfter(offset: number): string {
  return Buffer.from(String(offset)).toString('base64url');
}
