import { createClient, type TransportRequest } from '@stratalab/client';
import { Problem } from '@stratalab/contracts';
import type { Answer, Candidate, Collection, Document, DocumentText, RetrievalTrace } from '@stratalab/contracts/agents';
import type { Endpoint } from '@stratalab/contracts/serving';
import { act } from 'react';
import { testSuite, type TestSuite } from '../../../kit/src/testing/render.test-support';

const time = '2026-11-25T12:00:00.000Z';

export const handbook: Collection = {
  name: 'handbook',
  urn: 'urn:strata:demo:collection:handbook',
  description: 'About the product.',
  state: 'ready',
  documentCount: 2,
  readyDocumentCount: 2,
  failedDocumentCount: 0,
  chunkCount: 9,
  sizeBytes: 4_000,
  progress: 1,
  embedder: { model: 'e5', dimensions: 384 },
  createdBy: 'ann',
  createdAt: time,
  updatedAt: time
};

export const broken: Document = {
  id: '0'.repeat(26),
  urn: `urn:strata:demo:document:${'0'.repeat(26)}`,
  collection: 'handbook',
  name: 'broken.pdf',
  format: 'pdf',
  title: 'broken.pdf',
  state: 'failed',
  problem: { code: 'invalid-input', detail: 'The file is not a complete PDF.', hint: 'Check it.' },
  sizeBytes: 2_048,
  sha256: '',
  characterCount: 0,
  pageCount: null,
  chunkCount: 0,
  embeddedChunkCount: 0,
  uploadedBy: 'ann',
  createdAt: time,
  readyAt: null
};

const text = 'Quotas\n\nFifty jobs may run at once.';
export const documentText: DocumentText = {
  documentId: broken.id,
  name: 'quotas.md',
  title: 'Quotas',
  window: { from: 0, to: text.length },
  characterCount: text.length,
  text,
  pages: [],
  chunks: [{ id: 'c1', ordinal: 0, span: { from: 0, to: text.length }, headings: [], page: null, tokens: 9, isEmbedded: true }]
};

const candidate: Candidate = {
  chunkId: 'c1',
  documentId: broken.id,
  documentName: 'quotas.md',
  documentTitle: 'Quotas',
  ordinal: 0,
  headings: ['Quotas'],
  page: null,
  span: { from: 0, to: text.length },
  text,
  tokens: 9,
  dense: { score: 0.91, rank: 1 },
  bm25: null,
  matchedTerms: [],
  fused: { score: 0.0164, rank: 1 },
  isKept: true,
  marker: 1,
  reason: 'kept'
};

export const trace: RetrievalTrace = {
  query: 'How many jobs?',
  collection: 'handbook',
  mode: 'hybrid',
  k: 4,
  budgetTokens: 1_200,
  keptTokens: 9,
  searchableChunkCount: 9,
  denseMethod: 'exact',
  embedder: { model: 'e5', dimensions: 384 },
  terms: ['many', 'job'],
  milliseconds: { embed: 1, dense: 1, bm25: 1, total: 3 },
  candidates: [candidate, { ...candidate, chunkId: 'c2', isKept: false, marker: null, reason: 'beyond-k', fused: { score: 0.01, rank: 2 } }]
};

const said = 'Fifty jobs may run at once [1]. Coffee is free [7].';
export const answer: Answer = {
  id: '1'.repeat(26),
  urn: `urn:strata:demo:answer:${'1'.repeat(26)}`,
  collection: 'handbook',
  endpoint: 'chat',
  question: 'How many jobs?',
  text: said,
  verdict: 'partly-cited',
  citationCount: 2,
  validCitationCount: 1,
  usage: { promptTokens: 120, completionTokens: 12 },
  durationMs: 900,
  feedback: null,
  askedBy: 'ann',
  createdAt: time,
  finishReason: 'stop',
  citations: [
    {
      marker: 1,
      span: { from: 27, to: 30 },
      isValid: true,
      problem: null,
      chunkId: 'c1',
      documentId: broken.id,
      documentName: 'quotas.md',
      page: null,
      quote: 'Fifty jobs may run at once',
      source: { from: 8, to: 34 }
    },
    {
      marker: 7,
      span: { from: 47, to: 50 },
      isValid: false,
      problem: 'unknown-passage',
      chunkId: null,
      documentId: null,
      documentName: null,
      page: null,
      quote: null,
      source: null
    }
  ],
  sentences: [
    { span: { from: 0, to: 31 }, isSupported: true, markers: [1], supportedBy: 'c1', overlap: 1 },
    { span: { from: 32, to: 51 }, isSupported: false, markers: [7], supportedBy: null, overlap: 0 }
  ],
  passages: [],
  messages: [{ role: 'user', content: 'passages' }],
  trace
};

export const chat: Endpoint = { name: 'chat', urn: 'urn:strata:demo:endpoint:chat', kind: 'chat', isReady: true, deployment: 'chat', model: null, message: '' };

export interface FarSide extends TestSuite {
  /** What was asked, as `METHOD path body`, without the service's prefix. */
  readonly asked: string[];
}

/** A suite whose platform answers from a table of `METHOD path` (without query and prefix); what is missing there is an empty page. */
export function farSide(answers: Readonly<Record<string, unknown>>, commandIds: readonly string[] = []): FarSide {
  const asked: string[] = [];
  const suite = testSuite(commandIds);
  const transport = async ({ method, path, body }: TransportRequest) => {
    const bare = path.replace(/^\/api\/[a-z]+\/v1\/tenants\/demo/, '').split('?')[0] ?? '';
    asked.push(`${method} ${bare}${body === undefined ? '' : ` ${body}`}`);
    const found = answers[`${method} ${bare}`] ?? { items: [], nextCursor: null };
    if (found instanceof Problem) return { status: found.status, headers: {}, body: found.toDocument('request-1') };
    return { status: 200, headers: {}, body: found };
  };
  Object.assign(suite.stratalab, { clientFor: (table: never) => createClient(table, transport) });
  return { ...suite, asked };
}

/** The button with this label, by its text or its aria-label. */
export function button(label: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find(element => element.textContent?.trim() === label || element.getAttribute('aria-label') === label);
  if (found === undefined) throw new Error(`There is no button '${label}' in: ${document.body.textContent ?? ''}`);
  return found;
}

export function typeInto(field: Element | null, value: string): void {
  if (!(field instanceof HTMLTextAreaElement)) throw new Error('There is no field to type into.');
  act(() => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set?.call(field, value);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
