import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocumentParser } from '@stratalab/document-parser';
import { createLogger, newId, systemClock, type ReconcileContext, type Reconciler } from '@stratalab/kernel';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { createTestHost, type TestHost } from '@stratalab/tooling';
import { mountService } from '@stratalab/kernel';
import { agents } from '../index.ts';
import { insertCollection } from '../store/collection-store.ts';
import { findDocument, insertDocument, requeueDocuments } from '../store/document-store.ts';
import { searchVectors } from '../store/search-store.ts';
import { storeContent } from '../usecases/documents.ts';
import { createDocumentReconciler } from './document.ts';

const tenant = 'demo';
const chunkCount = 40;
/** A unit vector that depends on the text; enough where only bookkeeping is tested. */
const vectorOf = (text: string): number[] => {
  const angle = [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 6_283, 7) / 1_000;
  return Array.from({ length: 384 }, (_unused, index) => (index === 0 ? Math.cos(angle) : index === 1 ? Math.sin(angle) : 0));
};

describe('a document on its way to being searchable', () => {
  let host: TestHost;
  let dataFolder: string;
  const embedded: string[] = [];
  const released: string[] = [];
  let onBatch: () => void = () => undefined;
  let reconciler: Reconciler;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'strata-agents-'));
    const ports = { objects: createFolderObjectStore({ dataFolder }), parser: createDocumentParser() };
    host = await createTestHost({ services: [mountService(agents, ports)] });
    const storage = { reserve: async () => undefined, confirm: async () => undefined, release: async ({ urn }: { urn: string }) => void released.push(urn) };
    reconciler = createDocumentReconciler({
      ports,
      storage,
      clock: systemClock,
      batchSize: 8,
      async embedPassages(_tenant, texts) {
        onBatch();
        embedded.push(...texts);
        return { model: 'test', dimensions: 384, vectors: texts.map(vectorOf) };
      }
    });
  });
  afterAll(async () => {
    await host.close();
    await rm(dataFolder, { recursive: true, force: true });
  });

  /** A step as the loop gives it; leases are the kernel's own tests. */
  const step = (id: string, signal = new AbortController().signal): ReconcileContext => ({
    id,
    tenant,
    signal,
    logger: createLogger({ level: 'silent', service: 'test' }),
    read: work => host.database.inTenant({ tenant, isReadOnly: true }, work),
    write: work => host.database.inTenant({ tenant }, work)
  });
  const add = async (name: string): Promise<{ id: string; collectionId: string }> => {
    const [id, collectionId] = [newId(), newId()];
    const text = Array.from({ length: chunkCount }, (_unused, index) => `## Part ${index}\n\nText of part ${index} of ${name}.\n`).join('\n');
    const content = (async function* () {
      yield new TextEncoder().encode(text);
    })();
    const stored = await storeContent(createFolderObjectStore({ dataFolder }), { tenant, id, name: `${name}.md`, content, limitBytes: 1e6, signal: new AbortController().signal });
    await host.database.inTenant({ tenant }, async tx => {
      await insertCollection(tx, { id: collectionId, tenant, name, description: '', created_by: 'ann' });
      await insertDocument(tx, { id, tenant, collectionId, name: `${name}.md`, uploadedBy: 'ann', ...stored });
    });
    return { id, collectionId };
  };
  const read = (id: string) => host.database.inTenant({ tenant }, tx => findDocument(tx, id));

  test('F13 a step that dies between batches goes on where it stopped: nothing is embedded twice', async () => {
    const { id, collectionId } = await add('killed');
    let batches = 0;
    onBatch = () => {
      batches += 1;
      if (batches === 3) throw new Error('the process is gone');
    };
    await expect(reconciler.reconcile(step(id))).rejects.toThrow('the process is gone');
    expect(await read(id)).toMatchObject({ state: 'embedding', chunk_count: chunkCount, embedded_count: 16 });
    onBatch = () => undefined;
    expect(await reconciler.reconcile(step(id))).toEqual({ isDone: true });
    expect(await read(id)).toMatchObject({ state: 'ready', embedded_count: chunkCount });
    expect(new Set(embedded).size).toBe(chunkCount);
    expect(embedded).toHaveLength(chunkCount);
    expect(await reconciler.reconcile(step(id))).toEqual({ isDone: true });
    expect(embedded).toHaveLength(chunkCount);

    const vector = vectorOf(embedded[5] ?? '');
    const [exact, graph] = await Promise.all(
      (['exact', 'hnsw'] as const).map(method => host.database.inTenant({ tenant }, tx => searchVectors(tx, { collection: collectionId, vector, limit: 10, method })))
    );
    expect(exact).toHaveLength(10);
    expect(exact?.[0]?.score).toBeCloseTo(1);
    expect(graph?.map(hit => hit.score)).toEqual(exact?.map(hit => hit.score));
  });

  test('a rebuild in the middle wins over the step it interrupts', async () => {
    const { id, collectionId } = await add('rebuilt');
    onBatch = () => {
      onBatch = () => undefined;
    };
    const late = { ...step(id) };
    let isRequeued = false;
    const interrupted: ReconcileContext = {
      ...late,
      write: async work => {
        const before = await read(id);
        if (before?.embedded_count === 8 && !isRequeued) {
          isRequeued = true;
          await host.database.inTenant({ tenant }, tx => requeueDocuments(tx, collectionId));
        }
        return late.write(work);
      }
    };
    expect(await reconciler.reconcile(interrupted)).toEqual({ requeueAfterMs: 0 });
    expect(await read(id)).toMatchObject({ state: 'queued', generation: 1 });
    await reconciler.reconcile(step(id));
    expect(await read(id)).toMatchObject({ state: 'ready', embedded_count: chunkCount });
  });

  test('the bytes of an upload that never became a document are removed, and count no more', async () => {
    const objects = createFolderObjectStore({ dataFolder });
    const id = newId();
    await objects.stage({ tenant, stagingId: id });
    expect(await reconciler.reconcile(step(id))).toEqual({ isDone: true });
    expect(await objects.stagedAt({ tenant, stagingId: id })).toBeUndefined();
    expect(released).toEqual([`urn:strata:demo:document:${id}`]);
  });
});
