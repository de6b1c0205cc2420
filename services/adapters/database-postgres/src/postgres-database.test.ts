import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger, type Database } from '@stratalab/kernel';
import { createTestDatabase, waitFor, type TestDatabase } from '@stratalab/tooling';
import { sql } from 'kysely';
import { createPostgresDatabase } from './postgres-database.ts';

const logger = createLogger({ level: 'silent', service: 'test' });
const cutAll = (database: Database): Promise<unknown> =>
  database.asSystem('cut every other connection', tx =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(tx)
  );

describe('the database port', () => {
  let created: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    created = await createTestDatabase();
    database = createPostgresDatabase({ url: created.url, logger });
    await database.asSystem('tables', tx => sql`create table public.counter (name text primary key, value integer not null)`.execute(tx));
  });
  afterAll(async () => {
    await database.close();
    await created.drop();
  });

  test('F10 transactions that deadlock are tried again and happen once', async () => {
    await database.asSystem('start', tx => sql`insert into public.counter values ('a', 0), ('b', 0)`.execute(tx));
    let arrived = 0;
    let meet = (): void => undefined;
    const both = new Promise<void>(resolve => (meet = resolve));
    const add = (first: string, second: string): Promise<unknown> =>
      database.asSystem('add in opposite order', async tx => {
        await sql`update public.counter set value = value + 1 where name = ${first}`.execute(tx);
        if (++arrived === 2) meet();
        await both;
        return sql`update public.counter set value = value + 1 where name = ${second}`.execute(tx);
      });
    await Promise.all([add('a', 'b'), add('b', 'a')]);
    const { rows } = await database.asSystem('read', tx => sql`select name, value from public.counter order by name`.execute(tx));
    expect(rows).toEqual([
      { name: 'a', value: 2 },
      { name: 'b', value: 2 }
    ]);
  });

  test('F09 a connection cut inside a transaction is unavailable (503), never a half change and never the end of the process', async () => {
    const cut = database.asSystem('cut midway', async tx => {
      await sql`insert into public.counter values ('half', 1)`.execute(tx);
      await cutAll(database);
      return sql`insert into public.counter values ('other half', 1)`.execute(tx);
    });
    await expect(cut).rejects.toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 2 } });
    const { rows } = await database.asSystem('read', tx => sql`select name from public.counter where name like '%half'`.execute(tx));
    expect(rows).toEqual([]);
  });

  test('listeners hear again after their connection was cut, and are woken once for what they may have missed', async () => {
    const stop = new AbortController();
    const heard: string[] = [];
    database.listen('news', payload => heard.push(payload), stop.signal);
    const say = (text: string): Promise<unknown> => database.asSystem('say', tx => sql`select pg_notify('news', ${text})`.execute(tx));
    await waitFor(() => heard.includes(''));
    await say('first');
    await waitFor(() => heard.includes('first'));
    const before = heard.length;
    await cutAll(database);
    await waitFor(() => heard.slice(before).includes(''));
    await say('second');
    await waitFor(() => heard.includes('second'));
    stop.abort();
  });

  test('ping says within a second whether the database answers', async () => {
    // A second may pass on a slow machine, and then it says no.
    await waitFor(() =>
      database.ping().then(
        () => true,
        () => false
      )
    );
    const nowhere = createPostgresDatabase({ url: 'postgresql://nobody@127.0.0.1:1/none', logger });
    await expect(nowhere.ping()).rejects.toMatchObject({ code: 'unavailable' });
    await nowhere.close();
  });

  test('bigint is exact or refused, never silently wrong', async () => {
    const read = (text: string): Promise<unknown> =>
      database.asSystem('read', async tx => (await sql<{ value: number }>`select ${text}::bigint as value`.execute(tx)).rows[0]?.value);
    expect(await read('9007199254740991')).toBe(9_007_199_254_740_991);
    await expect(read('9007199254740993')).rejects.toThrow(/too large/);
  });
});

describe('migrations', () => {
  let created: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    created = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'stratalab-migrations-'));
  });
  afterAll(async () => {
    await created.drop();
    await rm(folder, { recursive: true, force: true });
  });
  const url = (): URL => pathToFileURL(`${folder}/`);

  test('F12 each file is applied once, also when two processes start together; an interrupted one leaves nothing and runs again', async () => {
    const [one, other] = [createPostgresDatabase({ url: created.url, logger }), createPostgresDatabase({ url: created.url, logger })];
    await writeFile(join(folder, '0001-first.sql'), 'create table garden.tree (name text)');
    await writeFile(join(folder, '0002-second.sql'), 'create table garden.bush (name text); select 1/0');
    await expect(one.migrate('garden', url())).rejects.toThrow(/division by zero/);
    await writeFile(join(folder, '0002-second.sql'), 'create table garden.bush (name text)');
    const applied = (await Promise.all([one.migrate('garden', url()), other.migrate('garden', url())])).flat();
    expect(applied).toEqual(['garden/0002-second.sql']);
    await writeFile(join(folder, '0001-first.sql'), 'create table garden.tree (name text, height integer)');
    await expect(one.migrate('garden', url())).rejects.toThrow(/changed after it was applied/);
    await Promise.all([one.close(), other.close()]);
  });
});
