import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { StatementType } from '@duckdb/node-api';
import type { ChildRequest, ChildSuccess } from '../protocol.ts';
import { QueryFailure } from './failure.ts';
import { passGate } from './gate.ts';
import { openLocked, writeParquet } from './locked-connection.ts';
import { toJson } from './to-json.ts';

/** Does what the parent asked, in a database that was locked first. */
export async function execute(request: ChildRequest): Promise<ChildSuccess> {
  const connection = await openLocked(request);
  await passGate(connection, request.sql);
  if (request.task === 'inspect')
    return { isOk: true, columns: [], rows: [], rowCount: 0, isTruncated: false, tableNames: [...connection.getTableNames(request.sql, false)].sort() };
  const statement = await connection.prepare(request.sql);
  if (statement.statementType !== StatementType.SELECT) throw new QueryFailure({ kind: 'Refused', message: 'Only SELECT statements run here.' });
  if (statement.parameterCount > 0) throw new QueryFailure({ kind: 'Refused', message: 'A query has no parameters: write the values into the text.' });
  const columns = columnsOf(statement);
  if (request.outputPath === undefined) return { isOk: true, columns, tableNames: [], ...(await readRows(connection, request)) };
  const rowCount = await writeParquet(connection, request.sql, request.outputPath);
  return { isOk: true, columns, rows: [], rowCount, isTruncated: false, tableNames: [] };
}

function columnsOf(statement: DuckDBPreparedStatement): { name: string; type: string }[] {
  return Array.from({ length: statement.columnCount }, (_unused, index) => ({ name: statement.columnName(index), type: statement.columnType(index).toString() }));
}

/** Streams, so that a query over billions of rows ends as soon as the limits are reached. */
async function readRows(connection: DuckDBConnection, { sql, limits }: ChildRequest): Promise<Pick<ChildSuccess, 'rows' | 'rowCount' | 'isTruncated'>> {
  const rows: unknown[][] = [];
  if (limits.rowLimit === 0) return { rows, rowCount: 0, isTruncated: false };
  const result = await connection.stream(sql);
  let bytes = 0;
  for await (const chunk of result.yieldConvertedRows(toJson)) {
    for (const row of chunk) {
      if (rows.length === limits.rowLimit) return { rows, rowCount: rows.length, isTruncated: true };
      bytes += Buffer.byteLength(JSON.stringify(row));
      if (bytes > limits.byteLimit) return { rows, rowCount: rows.length, isTruncated: true };
      rows.push(row);
    }
  }
  return { rows, rowCount: rows.length, isTruncated: false };
}
