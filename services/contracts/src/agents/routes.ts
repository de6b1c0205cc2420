import { Type } from 'typebox';
import { choice, closed, Description, Id, nullable, ObjectName, page, PageQuery, Slug, TenantParams } from '../fields.ts';
import { route } from '../route.ts';
import {
  Answer,
  AnswerSummary,
  AskInput,
  Collection,
  CollectionInput,
  Document,
  documentLimitBytes,
  DocumentState,
  DocumentText,
  Feedback,
  FeedbackInput,
  RetrievalTrace,
  SearchInput
} from './schemas.ts';

const inTenant = '/api/agents/v1/tenants/{tenant}';
const inCollection = `${inTenant}/collections/{collection}` as const;
const CollectionParams = closed({ tenant: Slug, collection: ObjectName });
const DocumentParams = closed({ tenant: Slug, collection: ObjectName, document: Id });
const AnswerParams = closed({ tenant: Slug, answer: Id });

export const listCollections = route({
  operationId: 'listCollections',
  method: 'GET',
  path: `${inTenant}/collections`,
  summary: 'List collections by name',
  permission: 'collection:read',
  audit: false,
  params: TenantParams,
  query: PageQuery,
  response: page(Collection)
});
export const createCollection = route({
  operationId: 'createCollection',
  method: 'POST',
  path: `${inTenant}/collections`,
  summary: 'Create an empty collection',
  permission: 'collection:write',
  audit: 'collection.create',
  params: TenantParams,
  body: CollectionInput,
  response: Collection,
  status: 201,
  problems: ['already-exists']
});
export const getCollection = route({
  operationId: 'getCollection',
  method: 'GET',
  path: inCollection,
  summary: 'Read one collection',
  permission: 'collection:read',
  audit: false,
  params: CollectionParams,
  response: Collection
});
export const updateCollection = route({
  operationId: 'updateCollection',
  method: 'PATCH',
  path: inCollection,
  summary: 'Change the description of a collection',
  permission: 'collection:write',
  audit: 'collection.update',
  params: CollectionParams,
  body: closed({ description: Description }),
  response: Collection
});
export const deleteCollection = route({
  operationId: 'deleteCollection',
  method: 'DELETE',
  path: inCollection,
  summary: 'Delete a collection with its documents; answers stay',
  permission: 'collection:write',
  audit: 'collection.delete',
  params: CollectionParams
});
export const rebuildCollection = route({
  operationId: 'rebuildCollection',
  method: 'POST',
  path: `${inCollection}/rebuild`,
  summary: 'Read, cut and embed every document of a collection again',
  permission: 'collection:write',
  audit: 'collection.rebuild',
  params: CollectionParams,
  response: Collection,
  status: 202
});

export const listDocuments = route({
  operationId: 'listDocuments',
  method: 'GET',
  path: `${inCollection}/documents`,
  summary: 'List the documents of a collection, newest first',
  permission: 'collection:read',
  audit: false,
  params: CollectionParams,
  query: closed({ ...PageQuery.properties, state: Type.Optional(DocumentState) }),
  response: page(Document)
});
export const uploadDocument = route({
  operationId: 'uploadDocument',
  method: 'POST',
  path: `${inCollection}/documents`,
  summary: 'Add a document; the body is the file itself as application/octet-stream. The same content under the same name is added once',
  permission: 'collection:write',
  audit: 'document.upload',
  kind: 'upload',
  params: CollectionParams,
  query: closed({ name: Type.String({ minLength: 1, maxLength: 255, description: 'File name with its ending' }) }),
  response: Document,
  status: 201,
  bodyLimitBytes: documentLimitBytes,
  problems: ['quota-exceeded', 'payload-too-large', 'unsupported-format', 'storage-full']
});
export const getDocument = route({
  operationId: 'getDocument',
  method: 'GET',
  path: `${inCollection}/documents/{document}`,
  summary: 'Read one document without its text',
  permission: 'collection:read',
  audit: false,
  params: DocumentParams,
  response: Document
});
export const findDocument = route({
  operationId: 'findDocument',
  method: 'GET',
  path: `${inTenant}/documents/{document}`,
  summary: 'Read one document whatever its collection, as lineage and citations name it',
  permission: 'collection:read',
  audit: false,
  params: closed({ tenant: Slug, document: Id }),
  response: Document
});
export const getDocumentText = route({
  operationId: 'getDocumentText',
  method: 'GET',
  path: `${inCollection}/documents/{document}/text`,
  summary: 'Read the plain text of a document with the spans of its chunks',
  permission: 'collection:read',
  audit: false,
  params: DocumentParams,
  query: closed({
    from: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'First character' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200_000, default: 100_000, description: 'Characters' }))
  }),
  response: DocumentText,
  problems: ['invalid-state']
});
export const deleteDocument = route({
  operationId: 'deleteDocument',
  method: 'DELETE',
  path: `${inCollection}/documents/{document}`,
  summary: 'Delete a document with its chunks',
  permission: 'collection:write',
  audit: 'document.delete',
  params: DocumentParams
});

export const searchCollection = route({
  operationId: 'searchCollection',
  method: 'POST',
  path: `${inCollection}/search`,
  summary: 'Find passages, with every candidate that was considered and why it was kept or dropped',
  permission: 'agent:ask',
  audit: false,
  params: CollectionParams,
  body: SearchInput,
  response: RetrievalTrace,
  problems: ['unavailable']
});
export const ask = route({
  operationId: 'ask',
  method: 'POST',
  path: `${inCollection}/ask`,
  summary: 'Answer a question from a collection through a chat endpoint; every citation is checked by program',
  permission: 'agent:ask',
  audit: 'answer.give',
  params: CollectionParams,
  body: AskInput,
  response: Answer,
  status: 201,
  problems: ['invalid-state', 'quota-exceeded', 'unavailable', 'timed-out']
});
export const listAnswers = route({
  operationId: 'listAnswers',
  method: 'GET',
  path: `${inTenant}/answers`,
  summary: 'List answers, newest first',
  permission: 'agent:ask',
  audit: false,
  params: TenantParams,
  query: closed({ ...PageQuery.properties, collection: Type.Optional(ObjectName), rating: Type.Optional(choice(['good', 'bad'])) }),
  response: page(AnswerSummary)
});
export const getAnswer = route({
  operationId: 'getAnswer',
  method: 'GET',
  path: `${inTenant}/answers/{answer}`,
  summary: 'Read one answer with its citations and its retrieval trace',
  permission: 'agent:ask',
  audit: false,
  params: AnswerParams,
  response: Answer
});
export const giveFeedback = route({
  operationId: 'giveFeedback',
  method: 'PUT',
  path: `${inTenant}/answers/{answer}/feedback`,
  summary: 'Say whether an answer was good',
  permission: 'agent:ask',
  audit: 'answer.rate',
  params: AnswerParams,
  body: FeedbackInput,
  response: closed({ feedback: nullable(Feedback) })
});

export const agentsRoutes = {
  listCollections,
  createCollection,
  getCollection,
  updateCollection,
  deleteCollection,
  rebuildCollection,
  listDocuments,
  uploadDocument,
  getDocument,
  findDocument,
  getDocumentText,
  deleteDocument,
  searchCollection,
  ask,
  listAnswers,
  getAnswer,
  giveFeedback
};
