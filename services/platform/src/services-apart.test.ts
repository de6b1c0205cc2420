import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient, createHttpTransport, type Client } from '@stratalab/client';
import type { RouteTable } from '@stratalab/contracts';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { controlRoutes } from '@stratalab/contracts/control';
import { createInternalToken, type Actor } from '@stratalab/kernel';
import { administrator, createTestDatabase, testActor, type TestDatabase } from '@stratalab/tooling';
import { startFakeHub, type FakeHub } from './testing/fake-hub.test-support.ts';
import { startPlatformProcess, type PlatformProcess } from './testing/platform-process.test-support.ts';
import { writePlatformSettings } from './testing/platform-settings.test-support.ts';

const ann = testActor({ subject: 'ann', tenants: { acme: 'admin' } });

interface Installation {
  readonly controlUrl: string;
  readonly catalogUrl: string;
  readonly internalKey: Buffer;
  stop(): Promise<void>;
}

async function install(shape: 'together' | 'apart', hub: FakeHub): Promise<Installation> {
  const data = await mkdtemp(join(tmpdir(), `stratalab-${shape}-`));
  const database: TestDatabase = await createTestDatabase();
  const { internalKey, environment } = await writePlatformSettings(data);
  const shared = { ...environment, DATABASE_URL: database.url, JUPYTERHUB_API_URL: hub.apiUrl };
  const processes: PlatformProcess[] = [];
  const start = async (services: string, urls = ''): Promise<string> => {
    const started = await startPlatformProcess({ ...shared, STRATALAB_SERVICES: services, STRATALAB_SERVICE_URLS: urls });
    processes.push(started);
    return started.url;
  };
  const controlUrl = await start(shape === 'together' ? 'control,catalog' : 'control');
  const catalogUrl = shape === 'together' ? controlUrl : await start('catalog', `control=${controlUrl}`);
  return {
    controlUrl,
    catalogUrl,
    internalKey,
    async stop() {
      await Promise.all(processes.map(running => running.stop()));
      await database.drop();
      await rm(data, { recursive: true, force: true });
    }
  };
}

describe.each(['together', 'apart'] as const)('control and catalog %s', shape => {
  let hub: FakeHub;
  let installation: Installation;
  beforeAll(async () => {
    hub = await startFakeHub();
    installation = await install(shape, hub);
  });
  afterAll(async () => {
    await installation.stop();
    await hub.stop();
  });

  const withCredential = <Table extends RouteTable>(table: Table, baseUrl: string, credential: string): Client<Table> =>
    createClient(table, createHttpTransport({ baseUrl, headers: () => ({ authorization: `Bearer ${credential}` }) }));
  const as = (actor: Actor): string => createInternalToken(actor, installation.internalKey, new Date());
  const control = (actor: Actor): Client<typeof controlRoutes> => withCredential(controlRoutes, installation.controlUrl, as(actor));
  const inAcme = { params: { tenant: 'acme' } };

  test('a tenant made in one is known in the other; its key opens both, and no other does', async () => {
    await control(administrator).createTenant({ body: { name: 'acme', displayName: 'Acme' } });
    const made = await control(ann).createAccessKey({ ...inAcme, body: { name: 'script', scopes: ['dataset:read'] } });
    const catalog = withCredential(catalogRoutes, installation.catalogUrl, made.secret);
    expect((await catalog.listDatasets({ ...inAcme, query: {} })).items).toEqual([]);
    await expect(withCredential(catalogRoutes, installation.catalogUrl, `${made.secret}x`).listDatasets({ ...inAcme, query: {} })).rejects.toMatchObject({
      code: 'unauthenticated'
    });
    await expect(catalog.listDatasets({ params: { tenant: 'demo' }, query: {} })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('an upload at one reserves its storage at the other, and a refusal comes back with the numbers', async () => {
    const catalog = withCredential(catalogRoutes, installation.catalogUrl, as(ann));
    const storage = async () => (await control(ann).getQuotas(inAcme)).items.find(({ resource }) => resource === 'storage-mib');
    const body = { dataset: 'ledger', files: [{ name: 'ledger.csv', sizeBytes: 8 }] };
    const upload = await catalog.createUpload({ ...inAcme, body });
    const reserved = await storage();
    expect((reserved?.reserved ?? 0) + (reserved?.used ?? 0)).toBeGreaterThan(0);
    const path = `/api/catalog/v1/tenants/acme/uploads/${upload.id}/files/0?offset=0`;
    const sent = await fetch(installation.catalogUrl + path, {
      method: 'PUT',
      headers: { authorization: `Bearer ${as(ann)}`, 'content-type': 'application/octet-stream' },
      body: 'a,b\n1,2\n'
    });
    expect(sent.status).toBe(200);
    const version = await catalog.completeUpload({ params: { tenant: 'acme', upload: upload.id } });
    expect(version).toMatchObject({ urn: 'urn:strata:acme:dataset:ledger@1' });
    await control(administrator).setQuota({ params: { tenant: 'acme', resource: 'storage-mib' }, body: { limit: 0 } });
    await expect(catalog.createUpload({ ...inAcme, body })).rejects.toMatchObject({ code: 'quota-exceeded', details: { limit: 0, resource: 'storage-mib' } });
  });

  test('an event of control reaches a stream that is open at the catalog', async () => {
    const stop = new AbortController();
    const answer = await fetch(`${installation.catalogUrl}/api/events/v1/tenants/acme/stream?after=0`, { headers: { authorization: `Bearer ${as(ann)}` }, signal: stop.signal });
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('event: tenant.created.v1')) break;
    }
    stop.abort();
    expect(text).toContain('"tenant":"acme"');
  });
});
