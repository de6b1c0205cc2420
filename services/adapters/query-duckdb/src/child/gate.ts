import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from './literal.ts';
import { placeOfByte, QueryFailure } from './failure.ts';

/** Table functions that compute and read nothing; every other one (files, network, settings, other databases) is refused. */
const harmlessFunctions = new Set([
  'range',
  'generate_series',
  'unnest',
  'repeat',
  'repeat_row',
  'json_each',
  'json_tree',
  'summary',
  'histogram',
  'histogram_values',
  'test_all_types'
]);

const oneSelect = 'Write one SELECT statement; files, settings and other tables cannot be changed from here.';

/**
 * Lets exactly one SELECT through, with DuckDB's own parser; the first of two walls, independent of the locked configuration.
 * @throws QueryFailure with the place in the text
 */
export async function passGate(connection: DuckDBConnection, sql: string): Promise<void> {
  const reader = await connection.runAndReadAll(`select json_serialize_sql(${literal(sql)}::varchar)`);
  const tree: unknown = JSON.parse(String(reader.getRows()[0]?.[0]));
  if (!isRecord(tree)) throw new QueryFailure({ kind: 'Parser Error', message: 'The text could not be parsed.' });
  if (tree['error'] === true) throw refusal(tree, sql);
  const statements = tree['statements'];
  const count = Array.isArray(statements) ? statements.length : 0;
  if (count === 0) throw new QueryFailure({ kind: 'Refused', message: 'There is no SQL to run.' });
  if (count > 1) throw new QueryFailure({ kind: 'Refused', message: `There are ${count} statements. ${oneSelect}` });
  refuseFunctions(statements, sql);
}

function refusal(tree: Readonly<Record<string, unknown>>, sql: string): QueryFailure {
  if (tree['error_type'] !== 'parser') return new QueryFailure({ kind: 'Refused', message: oneSelect });
  const offset = Number(tree['position']);
  return new QueryFailure({
    kind: 'Parser Error',
    message: String(tree['error_message']),
    ...(Number.isInteger(offset) ? { position: placeOfByte(sql, offset) } : {})
  });
}

/** Walks the whole tree, sub-queries included. */
function refuseFunctions(node: unknown, sql: string): void {
  if (Array.isArray(node)) return node.forEach(item => refuseFunctions(item, sql));
  if (!isRecord(node)) return;
  if (node['type'] === 'TABLE_FUNCTION') {
    const call = node['function'];
    const name = isRecord(call) ? String(call['function_name']).toLowerCase() : '';
    if (!harmlessFunctions.has(name)) {
      const offset = node['query_location'];
      throw new QueryFailure({
        kind: 'Refused',
        message: `The table function '${name}' is not allowed: a query reads datasets by their names only.`,
        ...(typeof offset === 'number' && offset <= sql.length * 4 ? { position: placeOfByte(sql, offset) } : {})
      });
    }
  }
  for (const value of Object.values(node)) refuseFunctions(value, sql);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
