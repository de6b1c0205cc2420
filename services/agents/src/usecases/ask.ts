import { formatUrn } from '@stratalab/contracts';
import type { Answer, AskInput, Candidate, Passage, RetrievalTrace } from '@stratalab/contracts/agents';
import { appendEvent, newId, type Call, type Clock } from '@stratalab/kernel';
import { checkCitations, type CheckedAnswer, type CitedPassage } from '../domain/citations.ts';
import { buildMessages, stopTexts, type PromptMessage } from '../domain/prompt.ts';
import { insertAnswer } from '../store/answer-store.ts';
import { lineageRecorded } from '../store/facts.ts';
import { searchCollection, type SearchParts } from './search-collection.ts';

export interface ChatReply {
  readonly text: string;
  readonly finishReason: string;
  readonly usage: { readonly promptTokens: number; readonly completionTokens: number };
}

export interface AskParts extends SearchParts {
  readonly clock: Clock;
  /** One turn of a chat endpoint of the tenant, with the caller's own rights. */
  readonly completeChat: (endpoint: string, request: { messages: PromptMessage[]; maxTokens: number; temperature: number; stop: string[] }) => Promise<ChatReply>;
}

/** How many passages are shown in their own words when no sentence is supported. */
const shownPassages = 3;

/**
 * Answers a question from a collection. The model gets the kept passages as quoted material; what it says is checked by program and kept
 * with everything it was made from. A model that cites nothing valid makes no answer: verdict `uncited`, and the best passages stand beside.
 * @throws not-found for the collection or the endpoint; what the endpoint throws
 */
export async function ask(parts: AskParts, call: Call, input: AskInput & { readonly collection: string }): Promise<Answer> {
  const started = performance.now();
  const trace = await searchCollection(parts, call, {
    collection: input.collection,
    query: input.question,
    k: input.k ?? 4,
    mode: input.mode ?? 'hybrid',
    budgetTokens: input.budgetTokens ?? 1_200
  });
  const kept = trace.candidates.filter(candidate => candidate.isKept);
  const messages = kept.length === 0 ? [] : buildMessages(input.question, kept.map(promptPassage));
  const reply =
    kept.length === 0
      ? undefined
      : await complete(parts, input.endpoint, { messages, maxTokens: input.maxTokens ?? 320, temperature: input.temperature ?? 0.2, stop: [...stopTexts] });
  const checked = reply === undefined ? undefined : checkCitations(reply.text, kept.map(citedPassage));
  const answer = assemble({ call, input, trace, messages, reply, checked, durationMs: Math.round(performance.now() - started), createdAt: parts.clock.now().toISOString() });
  return call.commit(
    async tx => {
      await insertAnswer(tx, call.tenant, answer);
      const { tenant } = call;
      const from = [formatUrn({ tenant, kind: 'collection', name: answer.collection }), formatUrn({ tenant, kind: 'endpoint', name: answer.endpoint })];
      await lineageRecorded(tx, { tenant, to: answer.urn, from });
      const data = { answer: answer.id, collection: answer.collection, endpoint: answer.endpoint, verdict: answer.verdict };
      await appendEvent(tx, { name: 'answer.given.v1', tenant, subject: call.actor.subject, urn: answer.urn, data });
      return answer;
    },
    given => given.urn
  );
}

/** The model's words without what a database cannot keep or a reader not see; positions of citations count from here. */
async function complete(parts: AskParts, ...request: Parameters<AskParts['completeChat']>): Promise<ChatReply> {
  const reply = await parts.completeChat(...request);
  return { ...reply, text: reply.text.replaceAll('\u0000', '').toWellFormed().trim() };
}

interface Made {
  readonly call: Call;
  readonly input: AskInput & { readonly collection: string };
  readonly trace: RetrievalTrace;
  readonly messages: PromptMessage[];
  readonly reply: ChatReply | undefined;
  readonly checked: CheckedAnswer | undefined;
  readonly durationMs: number;
  readonly createdAt: string;
}

function assemble({ call, input, trace, messages, reply, checked, durationMs, createdAt }: Made): Answer {
  const id = newId();
  const citations = [...(checked?.citations ?? [])];
  const verdict = checked?.verdict ?? 'no-passages';
  const kept = trace.candidates.filter(candidate => candidate.isKept);
  return {
    id,
    urn: formatUrn({ tenant: call.tenant, kind: 'answer', name: id }),
    collection: input.collection,
    endpoint: input.endpoint,
    question: input.question,
    text: reply?.text ?? '',
    verdict,
    citationCount: citations.length,
    validCitationCount: citations.filter(citation => citation.isValid).length,
    usage: reply === undefined ? { promptTokens: 0, completionTokens: 0 } : { ...reply.usage },
    durationMs,
    feedback: null,
    askedBy: call.actor.onBehalfOf ?? call.actor.subject,
    createdAt,
    finishReason: reply?.finishReason ?? 'none',
    citations,
    sentences: [...(checked?.sentences ?? [])],
    passages: verdict === 'uncited' ? kept.slice(0, shownPassages).map(passageOf) : [],
    messages,
    trace
  };
}

function promptPassage(candidate: Candidate): { marker: number; source: string; text: string } {
  const place = candidate.page === null ? [] : [`page ${candidate.page}`];
  return { marker: candidate.marker ?? 0, source: [candidate.documentName, ...candidate.headings, ...place].join(' › '), text: candidate.text };
}

function citedPassage(candidate: Candidate): CitedPassage {
  const { chunkId, documentId, documentName, page, text } = candidate;
  return { marker: candidate.marker ?? 0, chunkId, documentId, documentName, page, from: candidate.span.from, text };
}

function passageOf(candidate: Candidate): Passage {
  const { chunkId, documentId, documentName, page, span, text } = candidate;
  return { marker: candidate.marker ?? 1, chunkId, documentId, documentName, page, source: span, text };
}
