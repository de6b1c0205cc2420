import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentsRoutes } from '@stratalab/contracts/agents';
import { controlRoutes } from '@stratalab/contracts/control';
import { control } from '@stratalab/control';
import { createDocumentParser } from '@stratalab/document-parser';
import { mountService, type EmbedRequest } from '@stratalab/kernel';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { administrator, createTenant, createTestHost, fakeControlPorts, scriptedServing, testActor, waitFor, type TestHost } from '@stratalab/tooling';
import { agents } from './index.ts';

const lea = testActor({ subject: 'lea', tenants: { shelf: 'admin' } });
const shelf = { tenant: 'shelf' };
const bytesPerKiB = 1024;
/** One direction for every text: only what is stored matters here. */
const vector = Float32Array.from({ length: 384 }, (_unused, index) => (index === 0 ? 1 : 0));

describe('T72 documents count as storage', () => {
  let host: TestHost;
  let dataFolder: string;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'strata-agents-'));
    const embedder = { model: 'test', dimensions: 384, embed: async ({ texts }: EmbedRequest) => ({ tokenCount: 0, vectors: texts.map(() => vector) }) };
    const ports = { objects: createFolderObjectStore({ dataFolder }), parser: createDocumentParser() };
    const serving = scriptedServing({ embedder, reply: () => '' });
    host = await createTestHost({ services: [mountService(control, fakeControlPorts()), serving, mountService(agents, ports)], isBackgroundRunning: true });
    await createTenant(host, 'shelf');
    await client().createCollection({ params: shelf, body: { name: 'books' } });
    await books().setQuota({ params: { ...shelf, resource: 'storage-mib' }, body: { limit: 8 / bytesPerKiB } });
  });
  afterAll(async () => {
    await host.close();
    await rm(dataFolder, { recursive: true, force: true });
  });

  const client = () => host.clientFor(agentsRoutes, lea);
  const books = () => host.clientFor(controlRoutes, administrator);
  /** KiB that are used and held. */
  const taken = async (): Promise<{ used: number; reserved: number }> => {
    const found = (await books().getQuotas({ params: shelf })).items.find(({ resource }) => resource === 'storage-mib');
    return { used: (found?.used ?? 0) * bytesPerKiB, reserved: (found?.reserved ?? 0) * bytesPerKiB };
  };
  const settles = (used: number) => waitFor(async () => (await taken()).used === used);
  const upload = (name: string, kib: number, word: string) => {
    const body = Buffer.from(word.repeat(kib * bytesPerKiB).slice(0, kib * bytesPerKiB));
    return host.request(lea, 'POST', `/api/agents/v1/tenants/shelf/collections/books/documents?name=${name}`, body, { 'content-type': 'application/octet-stream' });
  };
  const keptDocuments = () => readdir(join(dataFolder, 'tenants', 'shelf', 'objects', 'documents'));

  test('one that does not fit is refused with the numbers, before bytes are kept', async () => {
    await upload('a.txt', 3, 'one ');
    expect(await taken()).toEqual({ used: 3, reserved: 0 });
    const refused = await upload('b.txt', 6, 'two ');
    expect(refused).toMatchObject({ status: 409, body: { code: 'quota-exceeded', limit: 8 / 1024, used: 3 / 1024, requested: 6 / 1024, hint: expect.any(String) } });
    expect(await keptDocuments()).toHaveLength(1);
  });

  test('one that cannot be taken in leaves nothing reserved', async () => {
    expect((await upload('x.exe', 2, 'MZ')).status).toBe(415);
    expect([await taken(), (await keptDocuments()).length]).toEqual([{ used: 3, reserved: 0 }, 1]);
  });

  test('the same content counts once, other content in its place counts instead', async () => {
    expect((await upload('a.txt', 3, 'one ')).status).toBe(201);
    await settles(3);
    expect((await upload('a.txt', 5, 'other ')).status).toBe(201);
    await settles(5);
  });

  test('a deleted document and a deleted collection give their room back', async () => {
    const [document] = (await client().listDocuments({ params: { ...shelf, collection: 'books' } })).items;
    await client().deleteDocument({ params: { ...shelf, collection: 'books', document: document?.id ?? '' } });
    await settles(0);
    expect((await upload('d.txt', 7, 'more ')).status).toBe(201);
    expect(await taken()).toEqual({ used: 7, reserved: 0 });
    await client().deleteCollection({ params: { ...shelf, collection: 'books' } });
    await settles(0);
    expect(await keptDocuments()).toEqual([]);
  });
});
