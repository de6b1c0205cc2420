import { chmod, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createS3ObjectStore } from '@stratalab/object-store-s3';
import { createMemoryBucket } from '@stratalab/object-store-s3/testing/memory-bucket';
import { ann, createCatalogHost, patiently, platform, type CatalogHost } from './testing/catalog-host.ts';

const demo = { tenant: 'demo' } as const;
const latest = { ...demo, dataset: 'sales', version: 'latest' } as const;

describe('a catalog whose objects are in a bucket too', () => {
  const bucket = createMemoryBucket();
  let catalog: CatalogHost;
  beforeAll(async () => {
    catalog = await createCatalogHost({ before: local => createS3ObjectStore({ local, bucket, prefix: '' }) });
    await catalog.ready('tiny');
  });
  afterAll(() => catalog.close());

  const objects = (): string => join(catalog.dataFolder, 'tenants/demo/objects');
  /** As a new, empty data volume: what was published is no longer on it. */
  const loseObjects = async (): Promise<void> => {
    const lost = join(catalog.dataFolder, 'lost');
    await rename(objects(), lost);
    for (const name of await readdir(join(lost, 'datasets'))) await chmod(join(lost, 'datasets', name), 0o755);
    await rm(lost, { recursive: true, force: true });
  };

  test('what was uploaded survives the loss of the data volume: rows, queries and mounts bring it back', async () => {
    await catalog.upload(ann, 'sales', { 'rows.csv': 'a,b\n1,x\n2,y\n' });
    await catalog.ready('sales');
    expect([...bucket.objects.keys()].some(key => key.endsWith('/rows.csv'))).toBe(true);
    await loseObjects();
    const rows = await catalog.as(ann).previewVersion({ params: latest });
    expect(rows.rows).toEqual([
      [1, 'x'],
      [2, 'y']
    ]);
    await loseObjects();
    const { items } = await catalog.as(platform).resolveMounts({ params: demo, body: { datasets: [{ name: 'sales' }] } });
    expect(await readFile(join(items[0]?.path ?? '', 'rows.csv'), 'utf8')).toBe('a,b\n1,x\n2,y\n');
    await loseObjects();
    const mount = await catalog.as(ann).mountDataset({ params: demo, body: { dataset: 'sales' } });
    expect(mount.dataset).toBe('sales');
    expect(await readdir(join(objects(), 'datasets'))).toHaveLength(1);
  });

  test('while the bucket is away nothing is taken in, and it goes on when it is back', async () => {
    const bytes = Buffer.from('a\n1\n');
    const upload = await catalog.as(ann).createUpload({ params: demo, body: { dataset: 'late', files: [{ name: 'rows.csv', sizeBytes: bytes.length }] } });
    await catalog.send(ann, `/api/catalog/v1/tenants/demo/uploads/${upload.id}/files/0?offset=0`, bytes);
    const complete = () => catalog.as(ann).completeUpload({ params: { ...demo, upload: upload.id } });
    bucket.failAfter(0);
    await expect(complete()).rejects.toMatchObject({ code: 'unavailable' });
    expect((await catalog.as(ann).previewVersion({ params: latest })).rows).toHaveLength(2);
    bucket.failAfter(undefined);
    await complete();
    await catalog.ready('late');
  });

  test('a deleted dataset is gone from the bucket', async () => {
    await catalog.as(ann).deleteDataset({ params: { ...demo, dataset: 'late' } });
    await patiently(() => ![...bucket.objects.keys()].some(key => Buffer.from(bucket.objects.get(key) ?? []).toString() === 'a\n1\n'));
    expect([...bucket.objects.keys()].filter(key => key.startsWith('manifests/'))).toHaveLength(2);
  });
});
