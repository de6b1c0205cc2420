import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { controlRoutes } from '@stratalab/contracts/control';
import { sql } from 'kysely';
import { createTenant, testActor } from '@stratalab/tooling';
import { ann, createCatalogHost, eve, patiently, platform, vic, type CatalogHost } from './testing/catalog-host.ts';

// Every version starts DuckDB some times: slow where all cores are busy.
jest.setTimeout(90_000);

const params = { tenant: 'demo' };
const base = '/api/catalog/v1/tenants/demo';
const sales = `region,amount,day\n${Array.from({ length: 100 }, (_unused, index) => `${index % 4 === 0 ? 'north' : 'south'},${index},2024-01-${String((index % 28) + 1).padStart(2, '0')}`).join('\n')}\n`;

describe('catalog', () => {
  let catalog: CatalogHost;
  beforeAll(async () => {
    catalog = await createCatalogHost();
    await createTenant(catalog.host, 'other');
    await catalog.upload(ann, 'sales', { 'sales.csv': sales });
    await Promise.all([catalog.ready('sales'), catalog.ready('tiny')]);
  });
  afterAll(() => catalog.close());

  /** MiB of storage that are used and held. */
  const usage = async (): Promise<number> => {
    const { items } = await catalog.host.clientFor(controlRoutes, vic).getQuotas({ params });
    const storage = items.find(({ resource }) => resource === 'storage-mib');
    return (storage?.used ?? 0) + (storage?.reserved ?? 0);
  };

  test('an uploaded file is a version with schema, rows, checksum and profile', async () => {
    const dataset = await catalog.as(vic).getDataset({ params: { ...params, dataset: 'sales' } });
    expect(dataset).toMatchObject({ owner: 'ann', versionCount: 1, contractState: 'none', mount: null });
    expect(dataset.latest).toMatchObject({ version: '1', state: 'ready', format: 'csv', rowCount: 100, origin: { kind: 'upload' } });
    expect(dataset.latest?.columns).toEqual([
      { name: 'region', type: 'VARCHAR', kind: 'text' },
      { name: 'amount', type: 'BIGINT', kind: 'number' },
      { name: 'day', type: 'DATE', kind: 'time' }
    ]);
    expect(dataset.latest?.files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    const profile = await catalog.as(vic).profileVersion({ params: { ...params, dataset: 'sales', version: '1' } });
    expect(profile).toMatchObject({ state: 'ready', basis: 'exact', sampledRows: 100 });
    const [region, amount, day] = profile.columns;
    expect(region?.topValues).toEqual([
      { value: 'south', count: 75 },
      { value: 'north', count: 25 }
    ]);
    expect(amount).toMatchObject({ min: '0', max: '99', mean: 49.5, nullCount: 0, distinctCount: 100 });
    expect(amount?.histogram?.map(({ count }) => count)).toEqual(Array.from({ length: 10 }, () => 10));
    expect(day?.histogram).toHaveLength(10);
    expect(day?.histogram?.[0]?.from).toBe('2024-01-01T00:00:00Z');
  });

  test('rows come in pages, with the columns asked for', async () => {
    const page = await catalog
      .as(vic)
      .previewVersion({ params: { ...params, dataset: 'sales', version: 'latest' }, query: { offset: 98, limit: 10, columns: ['amount', 'region'] } });
    expect(page).toMatchObject({
      offset: 98,
      rowCount: 100,
      isTruncated: false,
      rows: [
        [98, 'south'],
        [99, 'south']
      ]
    });
    expect(page.columns.map(({ name }) => name)).toEqual(['amount', 'region']);
    const unknown = await catalog.host.request(vic, 'GET', `${base}/datasets/sales/versions/1/rows?columns=a%22%3B`);
    expect(unknown.status).toBe(400);
    expect((await catalog.host.request(vic, 'GET', `${base}/datasets/sales/versions/1/rows?limit=101`)).status).toBe(400);
  });

  test('T01 another tenant sees nothing of it, by any route', async () => {
    for (const path of [
      '/datasets/sales',
      '/datasets/sales/versions',
      '/datasets/sales/versions/1',
      '/datasets/sales/versions/1/rows',
      '/datasets/sales/versions/1/profile',
      '/datasets'
    ]) {
      expect((await catalog.host.request(eve, 'GET', base + path)).status).toBe(404);
    }
    expect((await catalog.host.request(eve, 'GET', '/api/catalog/v1/tenants/other/datasets')).body).toMatchObject({ items: [] });
    expect((await catalog.host.request(eve, 'GET', '/api/catalog/v1/tenants/other/datasets/sales')).status).toBe(404);
    const mount = await catalog.host.request(eve, 'POST', '/api/catalog/v1/tenants/other/mounts', { dataset: 'sales' });
    expect(mount.status).toBe(404);
    expect((await catalog.host.request(eve, 'GET', '/api/catalog/v1/tenants/other/lineage?urn=urn:strata:demo:dataset:sales')).status).toBe(404);
  });

  test('T22 a viewer reads and mounts, and changes nothing', async () => {
    for (const [method, path, body] of [
      ['POST', '/uploads', { dataset: 'x', files: [{ name: 'a.csv', sizeBytes: 1 }] }],
      ['PATCH', '/datasets/sales', { description: 'mine' }],
      ['DELETE', '/datasets/sales?confirm=sales', undefined],
      ['PUT', '/datasets/sales/contract', { document: 'x' }],
      ['POST', '/folders', { dataset: 'x', path: 'data' }],
      ['POST', '/outputs', {}],
      ['POST', '/mounts/resolve', { datasets: [] }]
    ] as const) {
      expect([path, (await catalog.host.request(vic, method, base + path, body)).status]).toEqual([path, 403]);
    }
  });

  test('a new version counts on, tells its drift, and leaves the old one as it was', async () => {
    await catalog.upload(ann, 'drifting', { 'a.csv': 'id,old,kind\n1,2,x\n' });
    await catalog.upload(ann, 'drifting', { 'a.csv': 'id,kind,fresh\nx1,y,2024-01-01\n' });
    const second = await catalog.ready('drifting', '2');
    await catalog.ready('drifting', '1');
    const drift = (await catalog.as(vic).getVersion({ params: { ...params, dataset: 'drifting', version: '2' } })).drift;
    expect(second.version).toBe('2');
    expect(drift).toEqual({ previousVersion: '1', added: ['fresh'], removed: ['old'], retyped: [{ name: 'id', from: 'BIGINT', to: 'VARCHAR' }] });
    expect((await catalog.as(vic).previewVersion({ params: { ...params, dataset: 'drifting', version: '1' } })).rows).toEqual([[1, 2, 'x']]);
    const { items } = await catalog.as(vic).listVersions({ params: { ...params, dataset: 'drifting' }, query: { limit: 1 } });
    expect(items.map(({ version }) => version)).toEqual(['2']);
  });

  test('content that cannot be read fails with a reason, and the good version stays the latest', async () => {
    await catalog.upload(ann, 'broken', { 'a.csv': 'a,b\n1,2\n' });
    await catalog.ready('broken');
    const before = await usage();
    await catalog.upload(ann, 'broken', { 'a.parquet': `PAR1${'x'.repeat(100)}PAR1` });
    const failed = await patiently(async () => {
      const version = await catalog.as(vic).getVersion({ params: { ...params, dataset: 'broken', version: '2' } });
      return version.state === 'failed' ? version : undefined;
    });
    expect(failed.stateMessage).toBeTruthy();
    expect(failed.stateMessage).not.toContain(catalog.dataFolder);
    expect((await catalog.as(vic).getDataset({ params: { ...params, dataset: 'broken' } })).latest).toMatchObject({ version: '1', state: 'ready' });
    const rows = await catalog.host.request(vic, 'GET', `${base}/datasets/broken/versions/2/rows`);
    expect(rows.status).toBe(409);
    // What cannot be read takes no room: it is given back a step later.
    await patiently(async () => (await usage()) === before);
  });

  test('a mount is a link to the bytes themselves, and goes away again', async () => {
    const mount = await catalog.as(vic).mountDataset({ params, body: { dataset: 'sales' } });
    expect(mount).toMatchObject({ mountName: 'sales@1', path: '~/datasets/sales@1', version: '1' });
    const path = join(catalog.dataFolder, 'home/vic/datasets/sales@1');
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(path, 'sales.csv'), 'utf8')).toBe(sales);
    expect((await lstat(join(path, 'sales.csv'))).mode & 0o222).toBe(0);
    await catalog.as(vic).mountDataset({ params, body: { dataset: 'sales', version: '1' } });
    expect((await catalog.as(vic).listMounts({ params })).items).toHaveLength(1);
    expect((await catalog.as(ann).listMounts({ params })).items).toEqual([]);
    await catalog.as(vic).unmountDataset({ params: { ...params, mountName: 'sales@1' } });
    await catalog.as(vic).unmountDataset({ params: { ...params, mountName: 'sales@1' } });
    expect((await catalog.as(vic).listMounts({ params })).items).toEqual([]);
    await expect(lstat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('services learn where the files of a version lie', async () => {
    const { items } = await catalog.as(platform).resolveMounts({ params, body: { datasets: [{ name: 'sales' }] } });
    expect(items).toMatchObject([{ name: 'sales', version: '1', urn: 'urn:strata:demo:dataset:sales@1', format: 'csv', mountName: 'sales@1' }]);
    expect(await readFile(join(items[0]?.path ?? '', items[0]?.files[0]?.name ?? ''), 'utf8')).toBe(sales);
  });

  test('a folder of the own workspace becomes a version; the copy does not change with it', async () => {
    await catalog.writeHome('ann', 'data/one.csv', 'a,b\n1,2\n');
    await catalog.writeHome('ann', 'data/two.csv', 'a,b\n3,4\n');
    const reference = await catalog.as(ann).registerFolder({ params, body: { dataset: 'own', path: 'data' } });
    expect(reference.version).toBe('1');
    const version = await catalog.ready('own');
    expect(version).toMatchObject({ rowCount: 2, fileCount: 2, origin: { kind: 'folder', path: 'data' } });
    await catalog.writeHome('ann', 'data/one.csv', 'changed,x\n');
    expect((await catalog.as(vic).previewVersion({ params: { ...params, dataset: 'own', version: '1' } })).rows).toEqual([
      [1, 2],
      [3, 4]
    ]);
  });

  test('T15 a folder is looked for in the own home only', async () => {
    await catalog.writeHome('vic', 'secret/rows.csv', 'a,b\n1,2\n');
    for (const path of ['../vic/secret', '/etc', '/etc/passwd', 'data/../../vic/secret', '..']) {
      expect((await catalog.host.request(ann, 'POST', `${base}/folders`, { dataset: 'stolen', path })).status).toBe(400);
    }
    expect((await catalog.host.request(ann, 'POST', `${base}/folders`, { dataset: 'stolen', path: 'secret' })).status).toBe(404);
    expect((await catalog.host.request(ann, 'GET', `${base}/datasets/stolen`)).status).toBe(404);
  });

  test('a sample tenant has its datasets, and one that was deleted does not come back', async () => {
    const tiny = await catalog.ready('tiny');
    expect(tiny).toMatchObject({ format: 'parquet', rowCount: 2, origin: { kind: 'sample' } });
    await catalog.as(ann).deleteDataset({ params: { ...params, dataset: 'tiny' }, query: { confirm: 'tiny' } });
    await patiently(() =>
      catalog.host.database.inTenant(
        { tenant: 'demo' },
        async tx => (await sql`select 1 from catalog.dataset where name = 'tiny' and state = 'deleted'`.execute(tx)).rows.length > 0
      )
    );
    expect((await catalog.host.request(vic, 'GET', `${base}/datasets/tiny`)).status).toBe(404);
    expect((await catalog.host.request(eve, 'GET', '/api/catalog/v1/tenants/other/datasets')).body).toMatchObject({ items: [] });
  });

  test('T72 storage is reserved before bytes come and given back when they go', async () => {
    const before = await usage();
    const upload = await catalog.as(ann).createUpload({ params, body: { dataset: 'big', files: [{ name: 'a.csv', sizeBytes: 50 * 1024 * 1024 }] } });
    expect((await usage()) - before).toBe(50);
    await catalog.as(ann).cancelUpload({ params: { ...params, upload: upload.id } });
    await patiently(async () => (await usage()) === before);
    const root = testActor({ subject: 'root', isAdministrator: true });
    const limit = (await catalog.host.clientFor(controlRoutes, vic).getQuotas({ params })).items.find(({ resource }) => resource === 'storage-mib')?.limit ?? null;
    await catalog.host.clientFor(controlRoutes, root).setQuota({ params: { ...params, resource: 'storage-mib' }, body: { limit: before + 10 } });
    const refused = await catalog.host.request(ann, 'POST', `${base}/uploads`, { dataset: 'big', files: [{ name: 'a.csv', sizeBytes: 11 * 1024 * 1024 }] });
    expect(refused).toMatchObject({ status: 409, body: { code: 'quota-exceeded', requested: 11, limit: before + 10 } });
    await catalog.host.clientFor(controlRoutes, root).setQuota({ params: { ...params, resource: 'storage-mib' }, body: { limit } });
  });
});
