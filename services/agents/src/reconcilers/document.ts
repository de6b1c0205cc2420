import { formatUrn, Problem } from '@stratalab/contracts';
import type { Clock, ReconcileContext, Reconciler, ReconcileResult, StorageQuota } from '@stratalab/kernel';
import { contextualText } from '../domain/chunk.ts';
import { vectorDimensions } from '../domain/embedder.ts';
import { indexDocument } from '../domain/index-document.ts';
import type { AgentsPorts } from '../ports.ts';
import { clearChunks, countEmbedded, readUnembedded, replaceChunks, saveVectors } from '../store/chunk-store.ts';
import { countUnfinished, findDocument, listUnfinished, updateDocument, type DocumentRow } from '../store/document-store.ts';
import { collectionBuilt, collectionChanged, lineageRecorded } from '../store/facts.ts';
import { contentName, documentKey, documentUrn } from '../usecases/documents.ts';

export interface DocumentParts {
  readonly ports: AgentsPorts;
  readonly storage: StorageQuota;
  readonly clock: Clock;
  readonly batchSize: number;
  /** Embeds passages for a tenant. @throws unavailable, too-many-requests */
  readonly embedPassages: (tenant: string, texts: string[]) => Promise<{ readonly model: string; readonly dimensions: number; readonly vectors: readonly (readonly number[])[] }>;
}

const leaseMs = 180_000;
/** A step ends after this time and goes on in the next, so that other documents get their turn. */
const turnMs = 60_000;

/**
 * Takes a document from its bytes to searchable chunks: parse, cut, then embed batch by batch. Every batch is kept at once, so a step that
 * was killed goes on where it stopped. A document that is gone loses its bytes and gives their room back.
 */
export function createDocumentReconciler(parts: DocumentParts): Reconciler {
  return {
    kind: 'document',
    concurrency: 2,
    leaseMs,
    list: listUnfinished,
    async reconcile(step) {
      const document = await step.read(tx => findDocument(tx, step.id));
      if (document === undefined) {
        await parts.ports.objects.remove({ tenant: step.tenant, key: documentKey(step.id) });
        await parts.ports.objects.dropStaged({ tenant: step.tenant, stagingId: step.id });
        await parts.storage.release({ tenant: step.tenant, urn: documentUrn(step.tenant, step.id) });
        return { isDone: true };
      }
      if (document.state === 'ready' || document.state === 'failed') return { isDone: true };
      if (document.state !== 'embedding' && !(await parse(parts, step, document))) return { isDone: true };
      return embed(parts, step, document);
    }
  };
}

/** Reads and cuts the document; `false` when it cannot be read, which its owner is told. */
async function parse(parts: DocumentParts, step: ReconcileContext, document: DocumentRow): Promise<boolean> {
  await change(step, document, { state: 'parsing', problem: null });
  try {
    const parsed = await parts.ports.parser.parse({ format: document.format, content: contentOf(parts, document), signal: step.signal });
    const title = (parsed.title ?? '').replace(/\s+/g, ' ').trim().slice(0, 300) || document.name;
    const chunks = indexDocument({ id: document.id, title }, parsed);
    await step.write(async tx => {
      const isCurrent = await updateDocument(tx, document, {
        title,
        state: 'embedding',
        problem: null,
        character_count: parsed.text.length,
        page_count: parsed.pages.length === 0 ? null : parsed.pages.length,
        chunk_count: chunks.length,
        embedded_count: 0,
        term_total: chunks.reduce((sum, chunk) => sum + chunk.length, 0)
      });
      if (!isCurrent) return;
      await replaceChunks(tx, { tenant: step.tenant, collectionId: document.collection_id, documentId: document.id }, { text: parsed.text, pages: parsed.pages, chunks });
      await collectionChanged(tx, { tenant: step.tenant, collection: document.collection, data: { document: document.id, state: 'embedding' } });
    });
    return true;
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'unavailable' || step.signal.aborted) throw error;
    await fail(step, document, error);
    return false;
  }
}

async function embed(parts: DocumentParts, step: ReconcileContext, document: DocumentRow): Promise<ReconcileResult> {
  const deadline = parts.clock.now().getTime() + turnMs;
  const current = await step.read(tx => findDocument(tx, document.id));
  if (current === undefined || current.generation !== document.generation) return { requeueAfterMs: 0 };
  for (;;) {
    const batch = await step.read(tx => readUnembedded(tx, document.id, parts.batchSize));
    if (batch.length === 0) break;
    if (step.signal.aborted || parts.clock.now().getTime() > deadline) return { requeueAfterMs: 0 };
    const texts = batch.map(chunk => contextualText(current.title, chunk));
    const result = await parts.embedPassages(step.tenant, texts).catch(async (error: unknown) => {
      if (error instanceof Problem && current.problem === null) await change(step, document, { problem: problemText(error) });
      throw error;
    });
    if (result.dimensions !== vectorDimensions) {
      await fail(step, document, new Problem('invalid-state', { detail: `The embedder gives vectors of ${result.dimensions} dimensions; collections hold ${vectorDimensions}.` }));
      return { isDone: true };
    }
    const isCurrent = await step.write(async tx => {
      await saveVectors(
        tx,
        batch.map((chunk, index) => ({ id: chunk.id, vector: result.vectors[index] ?? [] }))
      );
      const embedded = await countEmbedded(tx, document.id);
      if (!(await updateDocument(tx, document, { embedder: result.model, embedded_count: embedded, problem: null }))) return false;
      await collectionChanged(tx, { tenant: step.tenant, collection: document.collection, data: { document: document.id, state: 'embedding', embedded } });
      return true;
    });
    if (!isCurrent) return { requeueAfterMs: 0 };
  }
  await finish(parts, step, document);
  return { isDone: true };
}

async function finish(parts: DocumentParts, step: ReconcileContext, document: DocumentRow): Promise<void> {
  await step.write(async tx => {
    if (!(await updateDocument(tx, document, { state: 'ready', problem: null, ready_at: parts.clock.now().toISOString() }))) return;
    const fact = { tenant: step.tenant, collection: document.collection };
    await collectionChanged(tx, { ...fact, data: { document: document.id, state: 'ready' } });
    const to = formatUrn({ tenant: step.tenant, kind: 'collection', name: document.collection });
    await lineageRecorded(tx, { tenant: step.tenant, to, from: [formatUrn({ tenant: step.tenant, kind: 'document', name: document.id })] });
    if ((await countUnfinished(tx, document.collection_id)) === 0) await collectionBuilt(tx, fact);
  });
}

async function fail(step: ReconcileContext, document: DocumentRow, problem: Problem): Promise<void> {
  await step.write(async tx => {
    const change = { state: 'failed', problem: problemText(problem), chunk_count: 0, embedded_count: 0, term_total: 0 } as const;
    if (!(await updateDocument(tx, document, change))) return;
    await clearChunks(tx, document.id);
    const fact = { tenant: step.tenant, collection: document.collection };
    await collectionChanged(tx, { ...fact, data: { document: document.id, state: 'failed' } });
    if ((await countUnfinished(tx, document.collection_id)) === 0) await collectionBuilt(tx, fact);
  });
}

async function change(step: ReconcileContext, document: DocumentRow, values: Parameters<typeof updateDocument>[2]): Promise<void> {
  await step.write(async tx => {
    if (!(await updateDocument(tx, document, values))) return;
    await collectionChanged(tx, { tenant: step.tenant, collection: document.collection, data: { document: document.id, state: values.state ?? document.state } });
  });
}

function problemText(problem: Problem): string {
  return JSON.stringify({ code: problem.code, detail: problem.message, hint: problem.details.hint ?? '' });
}

const sliceBytes = 1024 * 1024;

async function* contentOf(parts: DocumentParts, document: DocumentRow): AsyncGenerator<Uint8Array> {
  const key = `${documentKey(document.id)}/${contentName}`;
  for (let offset = 0; offset < document.size_bytes; offset += sliceBytes) {
    yield await parts.ports.objects.read({ tenant: document.tenant, key, offset, length: sliceBytes });
  }
}
