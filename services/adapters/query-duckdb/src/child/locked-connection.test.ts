import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DuckDBConnection } from '@duckdb/node-api';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocked } from './locked-connection.ts';

/** The second wall alone: what the database itself refuses when nobody looks at the SQL before. */
describe('a locked connection, without the gate before it', () => {
  let folder = '';
  let connection: DuckDBConnection;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stratalab-locked-'));
    await mkdir(join(folder, 'spill'));
    await writeFile(join(folder, 'given.csv'), 'a\n1\n');
    await writeFile(join(folder, 'secret.csv'), 'a\n2\n');
    connection = await openLocked({
      sql: '',
      task: 'run',
      tables: [{ name: 'given', format: 'csv', files: [join(folder, 'given.csv')] }],
      limits: { memoryMiB: 64, timeoutMs: 1_000, rowLimit: 1, byteLimit: 1 },
      threadCount: 1,
      // DuckDB may always read and write its own spill folder.
      temporaryFolder: join(folder, 'spill'),
      temporaryMiB: 8
    });
  });
  afterAll(async () => {
    connection.closeSync();
    await rm(folder, { recursive: true, force: true });
  });

  test('reads the table it was given', async () => {
    expect((await connection.runAndReadAll('from given')).getRowsJson()).toEqual([['1']]);
  });

  test('T33 reaches no other file, extension, database or setting', async () => {
    const secret = join(folder, 'secret.csv');
    const attempts = [
      `from read_csv('${secret}')`,
      `from sniff_csv('${secret}')`,
      `from '${secret}'`,
      `from glob('${folder}/*')`,
      `from read_text('/etc/passwd')`,
      `from read_csv('https://example.org/x.csv')`,
      `copy given to '${folder}/escape.csv'`,
      `attach '${folder}/escape.db'`,
      `export database '${folder}/escape'`,
      'install httpfs',
      'load httpfs',
      'create persistent secret s (type s3)',
      'set enable_external_access = true',
      "set allowed_directories = ['/']",
      'set lock_configuration = false'
    ];
    for (const sql of attempts) await expect(connection.run(sql).then(() => sql)).rejects.toThrow(/Error/);
    expect((await readdir(folder)).sort()).toEqual(['given.csv', 'secret.csv', 'spill']);
  });
});
