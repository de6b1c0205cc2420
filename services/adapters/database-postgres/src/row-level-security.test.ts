import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Database } from '@stratalab/kernel';
import { createTestHost, type TestHost } from '@stratalab/tooling';
import { sql } from 'kysely';

interface Row {
  readonly id: string;
  readonly tenant: string;
}

describe('row-level security, the second wall (T01)', () => {
  let host: TestHost;
  let database: Database;
  beforeAll(async () => {
    host = await createTestHost({ services: [] });
    database = host.database;
    await database.asSystem('a table as every service has them', async tx => {
      await sql`create table public.thing (id text primary key, tenant text not null)`.execute(tx);
      await sql`alter table public.thing enable row level security`.execute(tx);
      await sql`alter table public.thing force row level security`.execute(tx);
      await sql`create policy tenant on public.thing using (kernel.sees(tenant)) with check (kernel.sees(tenant))`.execute(tx);
      await sql`insert into public.thing values ('a1', 'acme'), ('a2', 'acme'), ('b1', 'acme-2'), ('c1', 'other')`.execute(tx);
    });
  });
  afterAll(() => host.close());

  const seen = async (tenant: string): Promise<string[]> =>
    database.inTenant({ tenant, isReadOnly: true }, async tx => (await sql<Row>`select * from public.thing order by id`.execute(tx)).rows.map(({ id }) => id));

  test('a query without any condition sees the rows of its tenant only, also among names that share a prefix (T16)', async () => {
    expect(await seen('acme')).toEqual(['a1', 'a2']);
    expect(await seen('acme-2')).toEqual(['b1']);
    expect(await seen('nobody')).toEqual([]);
  });

  test('counts and aggregates tell nothing about others (T02)', async () => {
    const { rows } = await database.inTenant({ tenant: 'acme-2' }, tx => sql<{ count: number }>`select count(*) as count from public.thing`.execute(tx));
    expect(rows).toEqual([{ count: 1 }]);
  });

  test('rows of others can be neither changed, deleted, made nor taken over', async () => {
    await database.inTenant({ tenant: 'acme' }, async tx => {
      expect((await sql`update public.thing set id = 'x' where id = 'c1'`.execute(tx)).numAffectedRows).toBe(0n);
      expect((await sql`delete from public.thing where tenant <> 'acme'`.execute(tx)).numAffectedRows).toBe(0n);
    });
    await expect(database.inTenant({ tenant: 'acme' }, tx => sql`insert into public.thing values ('x', 'other')`.execute(tx))).rejects.toMatchObject({ code: '42501' });
    await expect(database.inTenant({ tenant: 'acme' }, tx => sql`update public.thing set tenant = 'other' where id = 'a1'`.execute(tx))).rejects.toMatchObject({ code: '42501' });
  });

  test('a scope without a tenant is a bug, not everything', () => {
    expect(() => database.inTenant({ tenant: '' }, async () => undefined)).toThrow();
    expect(() => database.inTenant({ tenant: '*' }, async () => undefined)).toThrow();
  });

  test('the scope ends with its transaction: the next user of the connection sees nothing', async () => {
    await seen('acme');
    await Promise.all(
      Array.from({ length: 40 }, async (_unused, index) => expect(await seen(index % 2 === 0 ? 'acme' : 'other')).toEqual(index % 2 === 0 ? ['a1', 'a2'] : ['c1']))
    );
  });

  test('a read scope cannot write', async () => {
    await expect(database.inTenant({ tenant: 'acme', isReadOnly: true }, tx => sql`insert into public.thing values ('y', 'acme')`.execute(tx))).rejects.toMatchObject({
      code: '25006'
    });
  });

  test('the platform itself sees all tenants', async () => {
    const { rows } = await database.asSystem('count', tx => sql<{ count: number }>`select count(*) as count from public.thing`.execute(tx));
    expect(rows).toEqual([{ count: 4 }]);
  });
});
