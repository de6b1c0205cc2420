import type { agentsRoutes } from '@stratalab/contracts/agents';
import { announcedBytes, type Handlers, type ServiceContext, type StorageQuota } from '@stratalab/kernel';
import { modelsFor } from './models.ts';
import type { AgentsPorts } from './ports.ts';
import { listAnswerPage, readAnswer } from './store/answer-store.ts';
import { collectionId, listCollectionPage, readCollection } from './store/collection-store.ts';
import { documentOf, listDocumentPage, readDocument } from './store/document-store.ts';
import { ask } from './usecases/ask.ts';
import { createCollection, deleteCollection, rebuildCollection, updateCollection } from './usecases/collections.ts';
import { deleteDocument, getDocumentAnywhere, getDocumentText, uploadDocument } from './usecases/documents.ts';
import { giveFeedback } from './usecases/give-feedback.ts';
import { searchCollection } from './usecases/search-collection.ts';

const defaultLimit = 50;

/** Binds the routes of `agents` to its use cases. */
export function createHandlers(context: ServiceContext<AgentsPorts>, storage: StorageQuota): Handlers<typeof agentsRoutes> {
  const { ports, database, clock } = context;
  return {
    listCollections: (call, { query }) => call.read(tx => listCollectionPage(tx, { cursor: query.cursor, limit: query.limit ?? defaultLimit })),
    createCollection: (call, { body }) => createCollection(call, body),
    getCollection: (call, { params }) => call.read(tx => readCollection(tx, params.collection)),
    updateCollection: (call, { params, body }) => updateCollection(call, params.collection, body),
    deleteCollection: (call, { params }) => deleteCollection(call, params.collection),
    rebuildCollection: (call, { params }) => rebuildCollection(call, params.collection),
    listDocuments: (call, { params, query }) =>
      call.read(async tx => listDocumentPage(tx, await collectionId(tx, params.collection), { cursor: query.cursor, limit: query.limit ?? defaultLimit, state: query.state })),
    uploadDocument: (call, { params, query }, { request }) =>
      uploadDocument({ database, storage, objects: ports.objects }, call, {
        collection: params.collection,
        name: query.name,
        announcedBytes: announcedBytes(request.headers['content-length']),
        content: request.raw
      }),
    getDocument: (call, { params }) => call.read(async tx => documentOf(await readDocument(tx, await collectionId(tx, params.collection), params.document))),
    findDocument: (call, { params }) => getDocumentAnywhere(call, params.document),
    getDocumentText: (call, { params, query }) => getDocumentText(call, { ...params, from: query.from ?? 0, limit: query.limit ?? 100_000 }),
    deleteDocument: (call, { params }) => deleteDocument(call, params),
    searchCollection: (call, { params, body }) =>
      searchCollection(modelsFor(context, call), call, {
        collection: params.collection,
        query: body.query,
        k: body.k ?? 6,
        mode: body.mode ?? 'hybrid',
        budgetTokens: body.budgetTokens ?? 1_500
      }),
    ask: (call, { params, body }) => ask({ ...modelsFor(context, call), clock }, call, { ...body, collection: params.collection }),
    listAnswers: (call, { query }) => call.read(tx => listAnswerPage(tx, { ...query, limit: query.limit ?? defaultLimit })),
    getAnswer: (call, { params }) => call.read(tx => readAnswer(tx, params.answer)),
    giveFeedback: (call, { params, body }) => giveFeedback(clock, call, { answer: params.answer, body })
  };
}
