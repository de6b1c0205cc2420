import { describe, expect, test } from '@jest/globals';
import { createTestDatabase } from './create-test-database.ts';
import { onServer } from './template.ts';

describe('test databases', () => {
  test('are apart from each other, have pgvector, and are gone after drop', async () => {
    const [one, other] = [await createTestDatabase(), await createTestDatabase()];
    await onServer(one.url, 'create table kept (position vector(2))');
    expect((await onServer(one.url, "select to_regclass('kept') is null as missing")).rows).toEqual([{ missing: false }]);
    expect((await onServer(other.url, "select to_regclass('kept') is null as missing")).rows).toEqual([{ missing: true }]);
    await one.drop();
    await other.drop();
    await expect(onServer(one.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  });

  test('belong to a role that is no superuser, on the server that the lane asks for', async () => {
    const database = await createTestDatabase();
    const { rows } = await onServer(
      database.url,
      "select rolsuper or rolbypassrls as super, inet_server_addr() is null as local, current_setting('server_version_num')::int >= 180000 as newer from pg_roles where rolname = current_user"
    );
    const isStock = process.env['STRATALAB_TEST_SERVER'] === 'stock';
    expect(rows).toEqual([isStock ? { super: false, local: false, newer: true } : expect.objectContaining({ super: false })]);
    await database.drop();
  });
});
