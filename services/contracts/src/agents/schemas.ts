import { Type, type Static } from 'typebox';
import { choice, closed, Description, Id, nullable, ObjectName, Slug, Subject, Timestamp } from '../fields.ts';
import { UrnText } from '../urn-text.ts';

/** Largest document that may be uploaded. */
export const documentLimitBytes = 50 * 1024 * 1024;

/** Formats a document may have; decided from its content and its name. */
export const documentFormats = ['markdown', 'text', 'html', 'pdf', 'docx'] as const;
export const DocumentFormat = choice([...documentFormats]);
export type DocumentFormat = Static<typeof DocumentFormat>;

export const CollectionState = choice(['empty', 'building', 'ready', 'failed'], {
  description: 'building: documents wait or are read; failed: no document could be read; ready: everything that could be read can be searched'
});
export type CollectionState = Static<typeof CollectionState>;

export const Collection = closed(
  {
    name: ObjectName,
    urn: UrnText,
    description: Description,
    state: CollectionState,
    documentCount: Type.Integer({ minimum: 0 }),
    readyDocumentCount: Type.Integer({ minimum: 0 }),
    failedDocumentCount: Type.Integer({ minimum: 0 }),
    chunkCount: Type.Integer({ minimum: 0 }),
    sizeBytes: Type.Integer({ minimum: 0 }),
    progress: Type.Number({ minimum: 0, maximum: 1, description: 'Mean over the documents of the share of their chunks that can be searched' }),
    embedder: nullable(closed({ model: Type.String(), dimensions: Type.Integer() })),
    createdBy: Subject,
    createdAt: Timestamp,
    updatedAt: Timestamp
  },
  { $id: 'Collection' }
);
export type Collection = Static<typeof Collection>;

export const CollectionInput = closed({ name: ObjectName, description: Type.Optional(Description) });
export type CollectionInput = Static<typeof CollectionInput>;

export const DocumentState = choice(['queued', 'parsing', 'embedding', 'ready', 'failed']);
export type DocumentState = Static<typeof DocumentState>;

export const Document = closed(
  {
    id: Id,
    urn: UrnText,
    collection: ObjectName,
    name: Type.String({ description: 'File name as uploaded' }),
    format: DocumentFormat,
    title: Type.String({ description: 'Title found in the document; the file name when it has none' }),
    state: DocumentState,
    problem: nullable(closed({ code: Type.String(), detail: Type.String(), hint: Type.String() })),
    sizeBytes: Type.Integer({ minimum: 0 }),
    sha256: Type.String(),
    characterCount: Type.Integer({ minimum: 0 }),
    pageCount: nullable(Type.Integer({ minimum: 0 })),
    chunkCount: Type.Integer({ minimum: 0 }),
    embeddedChunkCount: Type.Integer({ minimum: 0 }),
    uploadedBy: Subject,
    createdAt: Timestamp,
    readyAt: nullable(Timestamp)
  },
  { $id: 'Document' }
);
export type Document = Static<typeof Document>;

/** A piece of a text: `from` inclusive, `to` exclusive, in UTF-16 code units (JavaScript string positions). */
export const Span = closed({ from: Type.Integer({ minimum: 0 }), to: Type.Integer({ minimum: 0 }) });
export type Span = Static<typeof Span>;

export const Chunk = closed(
  {
    id: Type.String({ description: 'Stays the same when the same text is built again' }),
    ordinal: Type.Integer({ minimum: 0, description: 'Place in the document' }),
    span: Span,
    headings: Type.Array(Type.String(), { description: 'Headings above the chunk, outermost first' }),
    page: nullable(Type.Integer({ minimum: 1 })),
    tokens: Type.Integer({ minimum: 0, description: 'Estimated tokens' }),
    isEmbedded: Type.Boolean()
  },
  { $id: 'Chunk' }
);
export type Chunk = Static<typeof Chunk>;

/** A window of a document's plain text; spans of chunks count from the start of the whole text. */
export const DocumentText = closed(
  {
    documentId: Id,
    name: Type.String(),
    title: Type.String(),
    window: Span,
    characterCount: Type.Integer({ minimum: 0 }),
    text: Type.String(),
    pages: Type.Array(closed({ page: Type.Integer({ minimum: 1 }), from: Type.Integer({ minimum: 0 }) }), { description: 'Where each page of a PDF begins' }),
    chunks: Type.Array(Chunk)
  },
  { $id: 'DocumentText' }
);
export type DocumentText = Static<typeof DocumentText>;

export const SearchMode = choice(['hybrid', 'dense', 'bm25']);
export type SearchMode = Static<typeof SearchMode>;

export const SearchInput = closed({
  query: Type.String({ minLength: 1, maxLength: 4_000 }),
  k: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 6, description: 'Passages to keep' })),
  mode: Type.Optional(SearchMode),
  budgetTokens: Type.Optional(Type.Integer({ minimum: 50, maximum: 100_000, default: 1_500, description: 'Estimated tokens the kept passages may take together' }))
});
export type SearchInput = Static<typeof SearchInput>;

export const CandidateReason = choice(['kept', 'beyond-k', 'over-budget', 'duplicate'], {
  description: 'Why a candidate was kept or dropped: beyond-k: enough better ones; over-budget: no room left in the context; duplicate: says the same as a better one'
});
export type CandidateReason = Static<typeof CandidateReason>;

const Ranked = closed({ score: Type.Number(), rank: Type.Integer({ minimum: 1 }) });

export const Candidate = closed(
  {
    chunkId: Type.String(),
    documentId: Id,
    documentName: Type.String(),
    documentTitle: Type.String(),
    ordinal: Type.Integer({ minimum: 0 }),
    headings: Type.Array(Type.String()),
    page: nullable(Type.Integer({ minimum: 1 })),
    span: Span,
    text: Type.String(),
    tokens: Type.Integer({ minimum: 0 }),
    dense: nullable(Ranked),
    bm25: nullable(Ranked),
    matchedTerms: Type.Array(Type.String()),
    fused: Ranked,
    isKept: Type.Boolean(),
    marker: nullable(Type.Integer({ minimum: 1, description: 'Number under which an answer cites it' })),
    reason: CandidateReason
  },
  { $id: 'Candidate' }
);
export type Candidate = Static<typeof Candidate>;

export const RetrievalTrace = closed(
  {
    query: Type.String(),
    collection: ObjectName,
    mode: SearchMode,
    k: Type.Integer(),
    budgetTokens: Type.Integer(),
    keptTokens: Type.Integer(),
    searchableChunkCount: Type.Integer({ minimum: 0 }),
    denseMethod: nullable(choice(['exact', 'hnsw'])),
    embedder: nullable(closed({ model: Type.String(), dimensions: Type.Integer() })),
    terms: Type.Array(Type.String(), { description: 'Search terms of the query, as the keyword index knows them' }),
    milliseconds: closed({ embed: Type.Number(), dense: Type.Number(), bm25: Type.Number(), total: Type.Number() }),
    candidates: Type.Array(Candidate, { description: 'Every chunk that was considered, best first' })
  },
  { $id: 'RetrievalTrace' }
);
export type RetrievalTrace = Static<typeof RetrievalTrace>;

export const AskInput = closed({
  question: Type.String({ minLength: 1, maxLength: 4_000 }),
  endpoint: Slug,
  k: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: 4 })),
  mode: Type.Optional(SearchMode),
  budgetTokens: Type.Optional(Type.Integer({ minimum: 50, maximum: 100_000, default: 1_200 })),
  maxTokens: Type.Optional(Type.Integer({ minimum: 1, maximum: 4_096, default: 320 })),
  temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2, default: 0.2 }))
});
export type AskInput = Static<typeof AskInput>;

export const CitationProblem = choice(['unknown-passage', 'no-shared-text'], {
  description: 'unknown-passage: the number stands for no passage the model was given; no-shared-text: the sentence shares no words in a row with that passage'
});
export type CitationProblem = Static<typeof CitationProblem>;

export const Citation = closed(
  {
    marker: Type.Integer({ minimum: 0, description: 'The number in brackets' }),
    span: Span,
    isValid: Type.Boolean(),
    problem: nullable(CitationProblem),
    chunkId: nullable(Type.String()),
    documentId: nullable(Id),
    documentName: nullable(Type.String()),
    page: nullable(Type.Integer({ minimum: 1 })),
    quote: nullable(Type.String({ description: 'Longest run of words the sentence and the passage share' })),
    source: nullable(Span)
  },
  { $id: 'Citation' }
);
export type Citation = Static<typeof Citation>;

export const AnswerSentence = closed(
  {
    span: Span,
    isSupported: Type.Boolean(),
    markers: Type.Array(Type.Integer()),
    supportedBy: nullable(Type.String({ description: 'Chunk that says the same, cited or not: half of the telling words and every number of the sentence stand in it' })),
    overlap: Type.Number({ minimum: 0, maximum: 1, description: 'Share of the words of the sentence that stand in that chunk' })
  },
  { $id: 'AnswerSentence' }
);
export type AnswerSentence = Static<typeof AnswerSentence>;

export const AnswerVerdict = choice(['cited', 'partly-cited', 'uncited', 'no-passages'], {
  description: 'cited: every sentence is supported by a passage it cites; partly-cited: some are; uncited: none is; no-passages: nothing was found, so no model was asked'
});
export type AnswerVerdict = Static<typeof AnswerVerdict>;

/** A passage in its own words: what the program shows when the model cites nothing valid. */
export const Passage = closed(
  {
    marker: Type.Integer({ minimum: 1 }),
    chunkId: Type.String(),
    documentId: Id,
    documentName: Type.String(),
    page: nullable(Type.Integer({ minimum: 1 })),
    source: Span,
    text: Type.String()
  },
  { $id: 'Passage' }
);
export type Passage = Static<typeof Passage>;

export const Feedback = closed({ rating: choice(['good', 'bad']), comment: Type.String({ maxLength: 2_000 }), by: Subject, at: Timestamp }, { $id: 'Feedback' });
export type Feedback = Static<typeof Feedback>;
export const FeedbackInput = closed({ rating: choice(['good', 'bad']), comment: Type.Optional(Type.String({ maxLength: 2_000 })) });
export type FeedbackInput = Static<typeof FeedbackInput>;

const Usage = closed({ promptTokens: Type.Integer({ minimum: 0 }), completionTokens: Type.Integer({ minimum: 0 }) });

const summaryFields = {
  id: Id,
  urn: UrnText,
  collection: ObjectName,
  endpoint: Type.String(),
  question: Type.String(),
  text: Type.String(),
  verdict: AnswerVerdict,
  citationCount: Type.Integer({ minimum: 0 }),
  validCitationCount: Type.Integer({ minimum: 0 }),
  usage: Usage,
  durationMs: Type.Integer({ minimum: 0 }),
  feedback: nullable(Feedback),
  askedBy: Subject,
  createdAt: Timestamp
};

export const AnswerSummary = closed(summaryFields, { $id: 'AnswerSummary' });
export type AnswerSummary = Static<typeof AnswerSummary>;

export const Answer = closed(
  {
    ...summaryFields,
    finishReason: Type.String(),
    citations: Type.Array(Citation),
    sentences: Type.Array(AnswerSentence),
    passages: Type.Array(Passage, { description: 'The best passages word for word; filled when no sentence of the model is supported' }),
    messages: Type.Array(closed({ role: choice(['system', 'user', 'assistant']), content: Type.String() }), { description: 'Exactly what the model was given' }),
    trace: RetrievalTrace
  },
  { $id: 'Answer' }
);
export type Answer = Static<typeof Answer>;
