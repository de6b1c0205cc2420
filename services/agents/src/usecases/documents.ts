import { formatUrn, Problem } from '@stratalab/contracts';
import { documentLimitBytes, type Document, type DocumentFormat, type DocumentText } from '@stratalab/contracts/agents';
import { newId, wake, type Call, type Database, type ObjectStore, type StorageQuota } from '@stratalab/kernel';
import { cleanFileName, documentFormat } from '../domain/document-format.ts';
import { readTextWindow } from '../store/chunk-store.ts';
import { collectionId, touchCollection } from '../store/collection-store.ts';
import { documentOf, findDocument, findDocumentByName, insertDocument, readDocument, removeDocument } from '../store/document-store.ts';
import { collectionChanged } from '../store/facts.ts';

/** Name of the one file of a document below its key. */
export const contentName = 'content';

/** Where the bytes of a document are. */
export function documentKey(id: string): string {
  return `documents/${id}`;
}

/** What the bytes of a document are counted under. */
export function documentUrn(tenant: string, id: string): string {
  return formatUrn({ tenant, kind: 'document', name: id });
}

const headBytes = 1_024;
/** An upload that is not finished by then left nothing but bytes, which the document's reconciler removes. */
const abandonedAfterMs = 60 * 60 * 1000;

export interface UploadParts {
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly storage: StorageQuota;
}

/**
 * Adds a document: room is reserved, its bytes are kept, then it is read and embedded in the background. The same content under the same name is added once;
 * other content under the same name replaces what was there.
 * @throws not-found, quota-exceeded before a byte is read, payload-too-large, unsupported-format, storage-full, invalid-request for an empty file
 */
export async function uploadDocument(
  parts: UploadParts,
  call: Call,
  input: { readonly collection: string; readonly name: string; readonly announcedBytes: number; readonly content: AsyncIterable<Uint8Array> }
): Promise<Document> {
  const name = cleanFileName(input.name);
  const collection = await call.read(tx => collectionId(tx, input.collection));
  const id = newId();
  await parts.database.inTenant({ tenant: call.tenant }, tx => wake(tx, { kind: 'document', objectId: id, tenant: call.tenant, delayMs: abandonedAfterMs }));
  const stored = await storeCounted(parts, call, { id, name, limitBytes: Math.min(input.announcedBytes, documentLimitBytes), content: input.content });
  return call.commit(
    async tx => {
      const same = await findDocumentByName(tx, collection, name);
      if (same !== undefined && same.sha256 === stored.sha256 && same.state !== 'failed') {
        await wake(tx, { kind: 'document', objectId: id, tenant: call.tenant });
        return documentOf(same);
      }
      if (same !== undefined) {
        await removeDocument(tx, same.id);
        await wake(tx, { kind: 'document', objectId: same.id, tenant: call.tenant });
      }
      await insertDocument(tx, { id, tenant: call.tenant, collectionId: collection, name, uploadedBy: call.actor.subject, ...stored });
      await touchCollection(tx, collection);
      await wake(tx, { kind: 'document', objectId: id, tenant: call.tenant });
      await collectionChanged(tx, { tenant: call.tenant, collection: input.collection, subject: call.actor.subject, data: { document: id, state: 'queued' } });
      return documentOf(await readDocument(tx, collection, id));
    },
    document => document.urn
  );
}

/** Keeps the bytes of a document and counts them; a failure leaves neither bytes nor a reservation. */
async function storeCounted(parts: UploadParts, call: Call, source: Pick<Content, 'id' | 'name' | 'content' | 'limitBytes'>): Promise<StoredContent> {
  const { tenant, actor, signal } = call;
  const place = { tenant, urn: documentUrn(tenant, source.id) };
  await parts.storage.reserve({ ...place, sizeBytes: source.limitBytes }, actor.onBehalfOf ?? actor.subject);
  try {
    const stored = await storeContent(parts.objects, { ...source, tenant, signal });
    await parts.storage.confirm({ ...place, sizeBytes: stored.sizeBytes });
    return stored;
  } catch (error) {
    await parts.objects.remove({ tenant, key: documentKey(source.id) });
    await parts.storage.release(place);
    throw error;
  }
}

interface Content {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** How many bytes may come. */
  readonly limitBytes: number;
  readonly signal: AbortSignal;
}

interface StoredContent {
  readonly format: DocumentFormat;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Keeps the bytes of a document for good and says what they are; leaves nothing behind when it throws. */
export async function storeContent(objects: ObjectStore, source: Content): Promise<StoredContent> {
  const place = { tenant: source.tenant, stagingId: source.id };
  try {
    await objects.stage(place);
    const { sizeBytes } = await objects.append({ ...place, name: contentName, offset: 0, limitBytes: source.limitBytes, body: source.content, signal: source.signal });
    if (sizeBytes === 0) throw new Problem('invalid-request', { detail: 'The document is empty.' });
    const format = documentFormat(source.name, await objects.readStaged({ ...place, name: contentName, offset: 0, length: headBytes }));
    await objects.publish({ ...place, key: documentKey(source.id) });
    const sha256 = await objects.sha256({ tenant: source.tenant, key: `${documentKey(source.id)}/${contentName}` }, source.signal);
    return { format, sizeBytes, sha256 };
  } catch (error) {
    await objects.dropStaged(place);
    throw error;
  }
}

/** Deletes a document with its chunks; its bytes follow in the background. @throws not-found */
export async function deleteDocument(call: Call, input: { readonly collection: string; readonly document: string }): Promise<void> {
  await call.commit(
    async tx => {
      const collection = await collectionId(tx, input.collection);
      const document = await readDocument(tx, collection, input.document);
      await removeDocument(tx, document.id);
      await touchCollection(tx, collection);
      await wake(tx, { kind: 'document', objectId: document.id, tenant: call.tenant });
      await collectionChanged(tx, { tenant: call.tenant, collection: input.collection, subject: call.actor.subject, data: { document: document.id, state: 'deleted' } });
    },
    () => documentUrn(call.tenant, input.document)
  );
}

/** A document by its id alone. @throws not-found */
export async function getDocumentAnywhere(call: Call, id: string): Promise<Document> {
  const row = await call.read(tx => findDocument(tx, id));
  if (row === undefined) throw new Problem('not-found', { detail: 'There is no such document.' });
  return documentOf(row);
}

/** A window of the document's text with the spans of its chunks. @throws not-found; invalid-state when it was not read yet */
export async function getDocumentText(
  call: Call,
  input: { readonly collection: string; readonly document: string; readonly from: number; readonly limit: number }
): Promise<DocumentText> {
  return call.read(async tx => {
    const document = await readDocument(tx, await collectionId(tx, input.collection), input.document);
    const found = await readTextWindow(tx, document.id, { from: input.from, limit: input.limit });
    if (found === undefined) {
      throw new Problem('invalid-state', { detail: document.problem?.detail ?? 'The document was not read yet.', hint: document.problem?.hint ?? 'Try again in a moment.' });
    }
    return { documentId: document.id, name: document.name, title: document.title, ...found };
  });
}
