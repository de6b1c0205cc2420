import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Problem } from '@stratalab/contracts';
import type { QueryLimits, QueryTable } from '@stratalab/kernel';
import { childEnvironment, createJailFinder } from './find-jail.ts';
import { createDuckDbQueryEngine } from './index.ts';

const limits: QueryLimits = { memoryMiB: 256, timeoutMs: 20_000, rowLimit: 100, byteLimit: 100_000 };
const signal = new AbortController().signal;

describe('query-duckdb', () => {
  let folder = '';
  let trips: QueryTable;
  const engine = () => createDuckDbQueryEngine({ temporaryFolder: join(folder, 'spill') });
  const rowsOf = async (sql: string, tables: readonly QueryTable[] = [trips]) => (await engine().run({ sql, tables, limits, signal })).rows;
  const refusal = async (sql: string): Promise<Problem> => {
    const error: unknown = await engine()
      .run({ sql, tables: [trips], limits, signal })
      .catch((reason: unknown) => reason);
    if (error instanceof Problem) return error;
    throw new Error(`'${sql}' was not refused with a problem: ${JSON.stringify(error)}`);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stratalab-query-test-'));
    await mkdir(join(folder, 'spill'));
    const path = join(folder, 'trips.csv');
    await writeFile(path, 'carrier,delay\nAA,10\nAA,20\nUA,\n');
    await writeFile(join(folder, 'secret.csv'), 'a\n1\n');
    trips = { name: 'trips', format: 'csv', files: [path] };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('answers columns with types and rows as JSON', async () => {
    const result = await engine().run({ sql: 'select carrier, avg(delay) as mean, count(*) as n from trips group by all order by all;', tables: [trips], limits, signal });
    expect(result).toEqual({
      columns: [
        { name: 'carrier', type: 'VARCHAR' },
        { name: 'mean', type: 'DOUBLE' },
        { name: 'n', type: 'BIGINT' }
      ],
      rows: [
        ['AA', 15, 2],
        ['UA', null, 1]
      ],
      rowCount: 2,
      isTruncated: false
    });
  });

  test('keeps what JSON numbers cannot hold as text, and nests lists and structs', async () => {
    const sql = `select 9007199254740993 as big, 12.50::decimal(9,2) as price, timestamp '2013-01-01 05:00:00' as at, timestamptz '2013-01-01 05:00:00+00' as utc,
      date '2013-01-01' as day, [1, null] as list, {'a': 1, 'b': [2]} as struct, '\\xAA'::blob as bytes, 'nan'::double as nan, null as nothing`;
    expect(await rowsOf(sql)).toEqual([
      ['9007199254740993', '12.50', '2013-01-01T05:00:00', '2013-01-01T05:00:00Z', '2013-01-01', [1, null], { a: 1, b: [2] }, '\\xAA', 'NaN', null]
    ]);
    const [every] = await rowsOf('select * from test_all_types() limit 1');
    expect(JSON.parse(JSON.stringify(every))).toHaveLength(56);
  });

  test('reads tab-separated text and JSON, one object a line or in an array', async () => {
    await writeFile(join(folder, 'a.tsv'), 'a\tb\n1\tx,y\n');
    await writeFile(join(folder, 'a.jsonl'), '{"a":2,"b":"z"}\n');
    await writeFile(join(folder, 'a.json'), '[{"a":3,"b":"q"}]');
    const table = (name: string, format: QueryTable['format']): QueryTable => ({ name, format, files: [join(folder, `a.${format}`)] });
    const tables = [table('t', 'tsv'), table('l', 'jsonl'), table('j', 'json')];
    expect(await rowsOf('from t union all from l union all from j order by a', tables)).toEqual([
      [1, 'x,y'],
      [2, 'z'],
      [3, 'q']
    ]);
  });

  test('stops at the row limit and at the byte limit and says so', async () => {
    const many = "select repeat('x', 1000) as text from range(1000000000)";
    const byRows = await engine().run({ sql: many, tables: [], limits: { ...limits, rowLimit: 5 }, signal });
    expect(byRows).toMatchObject({ rowCount: 5, isTruncated: true });
    const byBytes = await engine().run({ sql: many, tables: [], limits: { ...limits, byteLimit: 2_500 }, signal });
    expect(byBytes).toMatchObject({ rowCount: 2, isTruncated: true });
    expect(await engine().run({ sql: many, tables: [], limits: { ...limits, rowLimit: 0 }, signal })).toMatchObject({ columns: [{ name: 'text' }], rows: [] });
  });

  test('writes Parquet that it can read again; nothing half-written stays', async () => {
    const output = { folder: join(folder, 'out'), fileName: 'part-0.parquet', format: 'parquet' } as const;
    expect(await engine().run({ sql: 'select carrier, delay from trips order by delay', tables: [trips], limits, output, signal })).toMatchObject({ rowCount: 3, rows: [] });
    const written: QueryTable = { name: 'carriers-2.x', format: 'parquet', files: [join(output.folder, output.fileName)] };
    expect(await rowsOf('select sum(delay) from "carriers-2.x"', [written])).toEqual([[30]]);
    await expect(engine().run({ sql: "select 'x'::int", tables: [], limits, output: { ...output, fileName: 'bad.parquet' }, signal })).rejects.toMatchObject({
      code: 'invalid-input'
    });
    expect(await readdir(output.folder)).toEqual(['part-0.parquet']);
    expect(await readdir(join(folder, 'spill'))).toEqual([]);
  });

  test('shows where the SQL is wrong', async () => {
    expect((await refusal('select\n  carrier,,\n  delay from trips')).details.errors).toEqual([{ path: 'sql:2:11', message: 'syntax error at or near ","' }]);
    const unknownColumn = await refusal(`select carrier, ${'delay, '.repeat(30)} weather\nfrom trips`);
    expect(unknownColumn.details.errors?.[0]).toMatchObject({ path: 'sql:1:228', message: expect.stringContaining('"weather"') });
    expect((await refusal('select * from trains')).details).toMatchObject({ hint: 'Check the names of tables and functions.', errors: [{ path: 'sql:1:15' }] });
    expect((await refusal('')).message).toBe('There is no SQL to run.');
  });

  test.each([
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from sniff_csv('/etc/passwd')",
    "select * from glob('/etc/*')",
    "select * from read_text('/proc/self/environ')",
    "select (select content from read_text('/etc/passwd'))",
    "with x as (from read_blob('/etc/passwd')) select * from x",
    "select * from query('select 1')",
    'select * from duckdb_settings()',
    "copy trips to '/tmp/stratalab-escape.csv'",
    "copy (select 1) to '/tmp/stratalab-escape.csv'",
    "attach '/tmp/stratalab-escape.db'",
    'install httpfs',
    'load httpfs',
    'pragma database_list',
    'set enable_external_access = true',
    'reset threads',
    'call pragma_version()',
    'select 1; select 2',
    "select 1) to '/tmp/stratalab-escape.csv' (format csv); --",
    'create table t as select 1',
    'drop view trips',
    "export database '/tmp/stratalab-escape'",
    'explain analyze select 1',
    'begin',
    'select $1',
    "select getenv('HOME')"
  ])('T33 refuses %s', async sql => {
    expect(await refusal(sql)).toMatchObject({ code: 'invalid-input' });
  });

  test('T33 a link in the place of a file is refused, whatever it leads to', async () => {
    const path = join(folder, 'link.csv');
    await symlink('/etc/passwd', path);
    await expect(engine().run({ sql: 'select * from t', tables: [{ name: 't', format: 'csv', files: [path] }], limits, signal })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('a query that takes too long is killed; one that is given up ends with the reason', async () => {
    const endless = 'select count(*) from range(100000000000) a, range(100000000000) b where hash(a.range) = hash(b.range + 1)';
    await expect(engine().run({ sql: endless, tables: [], limits: { ...limits, timeoutMs: 700 }, signal })).rejects.toMatchObject({ code: 'timed-out' });
    const controller = new AbortController();
    const running = engine().run({ sql: endless, tables: [], limits, signal: controller.signal });
    const reason = new Error('changed my mind');
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  test('a query that needs more memory than it may is told so', async () => {
    await expect(
      createDuckDbQueryEngine({ temporaryFolder: join(folder, 'spill'), temporaryMiB: 1 }).run({
        sql: 'select list(i order by hash(i)) from range(3000000) t(i)',
        tables: [],
        limits: { ...limits, memoryMiB: 32 },
        signal
      })
    ).rejects.toMatchObject({ code: 'invalid-input', details: { hint: expect.stringContaining('memory') } });
  });

  test('names the tables a query reads', async () => {
    const inspect = (sql: string) => engine().inspect({ sql, signal });
    expect(await inspect('with x as (select * from a) select * from x join "b-2" on true where exists (from C)')).toEqual({ tableNames: ['C', 'a', 'b-2'] });
    await expect(inspect('selec 1')).rejects.toMatchObject({ code: 'invalid-input', details: { errors: [{ path: 'sql:1:1' }] } });
  });

  test('an error names no file the query was not given', async () => {
    const broken: QueryTable = { name: 'broken', format: 'parquet', files: [join(folder, 'secret.csv')] };
    await expect(engine().run({ sql: 'from broken', tables: [broken], limits, signal })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('T33 in the jail a query reads its dataset and writes its output, and nothing else of the data folder is there', async () => {
    const program = fileURLToPath(new URL('../../job-runtime-local/jail.sh', import.meta.url));
    const dataset = join(folder, 'data', 'tenants', 'demo', 'objects', 'trips');
    await mkdir(dataset, { recursive: true });
    await mkdir(join(folder, 'data', 'secrets'));
    await copyFile(trips.files[0] ?? '', join(dataset, 'trips.csv'));
    const jailed = createDuckDbQueryEngine({ jail: { program, dataFolder: join(folder, 'data') } });
    const tables = [{ ...trips, files: [join(dataset, 'trips.csv')] }];
    const output = { folder: join(folder, 'data', 'tenants', 'demo', 'staging', 'a'), fileName: 'out.parquet', format: 'parquet' } as const;
    expect((await jailed.run({ sql: 'select count(*) from trips', tables, limits, signal })).rows).toEqual([[3]]);
    expect(await jailed.run({ sql: 'from trips', tables, limits, output, signal })).toMatchObject({ rowCount: 3 });
    const wrap = await createJailFinder({ program, dataFolder: join(folder, 'data') })();
    // Systems without unprivileged namespaces have the locked database alone.
    if (wrap === undefined) return;
    const request = { sql: '', tables, limits, task: 'run' as const, threadCount: 1, temporaryMiB: 1, temporaryFolder: folder };
    const [command = '', ...words] = wrap(['sh', '-c', `ls -R ${join(folder, 'data')}; cat /proc/net/dev | wc -l`], {
      ...request,
      temporaryFolder: join(folder, 'spill')
    });
    const { stdout } = await promisify(execFile)(command, words, { env: childEnvironment });
    expect(stdout).toContain('trips.csv');
    expect(stdout).not.toContain('secrets');
    expect(stdout.trim().split('\n').at(-1)).toBe('3');
  });

  test('queries beyond the limit wait their turn and all end', async () => {
    const one = createDuckDbQueryEngine({ temporaryFolder: join(folder, 'spill'), concurrency: 1 });
    const results = await Promise.all([1, 2, 3].map(value => one.run({ sql: `select ${value}`, tables: [], limits, signal })));
    expect(results.map(({ rows }) => rows)).toEqual([[[1]], [[2]], [[3]]]);
  });
});
