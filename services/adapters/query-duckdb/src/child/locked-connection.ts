import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { QueryTable } from '@stratalab/kernel';
import type { ChildRequest } from '../protocol.ts';
import { identifier, literal, literalList } from './literal.ts';

const readers = {
  parquet: { name: 'read_parquet', options: '' },
  csv: { name: 'read_csv', options: '' },
  tsv: { name: 'read_csv', options: ", delim = '\t'" },
  json: { name: 'read_json', options: '' },
  jsonl: { name: 'read_json', options: ", format = 'newline_delimited'" }
} as const;

/** A database in memory in which each table is a view over its files, and from which nothing else can be reached or changed any more. */
export async function openLocked(request: ChildRequest): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${request.limits.memoryMiB}MiB`,
    threads: String(request.threadCount),
    temp_directory: request.temporaryFolder,
    max_temp_directory_size: `${request.temporaryMiB}MiB`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false'
  });
  const connection = await instance.connect();
  const readable = request.tables.flatMap(table => table.files);
  const paths = request.outputPath === undefined ? readable : [...readable, request.outputPath];
  if (paths.length > 0) await connection.run(`set allowed_paths = ${literalList(paths)}`);
  await connection.run('set enable_external_access = false');
  for (const table of request.tables) await connection.run(viewOf(table));
  await connection.run('set lock_configuration = true');
  return connection;
}

/** The output as a Parquet file of our own choosing; `sql` passed the gate, so it cannot end the view's statement. */
export async function writeParquet(connection: DuckDBConnection, sql: string, path: string): Promise<number> {
  await connection.run(`create temp view __stratalab_output as ${sql}`);
  const result = await connection.run(`copy (from __stratalab_output) to ${literal(path)} (format parquet, compression zstd, use_tmp_file false)`);
  return result.rowsChanged;
}

function viewOf(table: QueryTable): string {
  const reader = readers[table.format];
  const union = table.files.length > 1 ? ', union_by_name = true' : '';
  return `create view ${identifier(table.name)} as select * from ${reader.name}(${literalList(table.files)}${reader.options}${union})`;
}
