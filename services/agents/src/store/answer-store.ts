import { formatUrn, Problem } from '@stratalab/contracts';
import type { Answer, AnswerSummary, Feedback } from '@stratalab/contracts/agents';
import { decodeCursor, pageOf, type Tx } from '@stratalab/kernel';
import { sql, type Selectable } from 'kysely';
import { tables, type AgentsTables } from './tables.ts';

type AnswerRow = Selectable<AgentsTables['agents.answer']>;

function summaryOf(row: Omit<AnswerRow, 'details'>): AnswerSummary {
  return {
    id: row.id,
    urn: formatUrn({ tenant: row.tenant, kind: 'answer', name: row.id }),
    collection: row.collection,
    endpoint: row.endpoint,
    question: row.question,
    text: row.text,
    verdict: row.verdict,
    citationCount: row.citation_count,
    validCitationCount: row.valid_citation_count,
    usage: { promptTokens: row.prompt_tokens, completionTokens: row.completion_tokens },
    durationMs: row.duration_ms,
    feedback: row.feedback,
    askedBy: row.asked_by,
    createdAt: row.created_at
  };
}

const listed = [
  'id',
  'tenant',
  'collection',
  'endpoint',
  'question',
  'text',
  'verdict',
  'citation_count',
  'valid_citation_count',
  'prompt_tokens',
  'completion_tokens',
  'duration_ms',
  'finish_reason',
  'rating',
  'feedback',
  'asked_by',
  'created_at'
] as const;

export interface AnswerFilter {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly collection?: string | undefined;
  readonly rating?: 'good' | 'bad' | undefined;
}

/** Newest first. */
export async function listAnswerPage(tx: Tx, filter: AnswerFilter): Promise<{ items: AnswerSummary[]; nextCursor: string | null }> {
  const before = decodeCursor(filter.cursor, 2);
  let query = tables(tx)
    .selectFrom('agents.answer')
    .select(listed)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1);
  if (before !== undefined) query = query.where(sql<boolean>`(created_at, id) < (${before[0]}::timestamptz, ${before[1]})`);
  if (filter.collection !== undefined) query = query.where('collection', '=', filter.collection);
  if (filter.rating !== undefined) query = query.where('rating', '=', filter.rating);
  return pageOf(await query.execute(), filter.limit, { item: summaryOf, key: row => [row.created_at, row.id] });
}

/** @throws not-found */
export async function readAnswer(tx: Tx, id: string): Promise<Answer> {
  const row = await tables(tx).selectFrom('agents.answer').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Problem('not-found', { detail: 'There is no such answer.' });
  return { ...summaryOf(row), finishReason: row.finish_reason, ...row.details };
}

export async function insertAnswer(tx: Tx, tenant: string, answer: Answer): Promise<void> {
  const { citations, sentences, passages, messages, trace } = answer;
  await tables(tx)
    .insertInto('agents.answer')
    .values({
      id: answer.id,
      tenant,
      collection: answer.collection,
      endpoint: answer.endpoint,
      question: answer.question,
      text: answer.text,
      verdict: answer.verdict,
      citation_count: answer.citationCount,
      valid_citation_count: answer.validCitationCount,
      prompt_tokens: answer.usage.promptTokens,
      completion_tokens: answer.usage.completionTokens,
      duration_ms: answer.durationMs,
      finish_reason: answer.finishReason,
      details: JSON.stringify({ citations, sentences, passages, messages, trace }),
      asked_by: answer.askedBy,
      created_at: answer.createdAt
    })
    .execute();
}

/** @throws not-found */
export async function rateAnswer(tx: Tx, id: string, feedback: Feedback): Promise<void> {
  const result = await tables(tx)
    .updateTable('agents.answer')
    .set({ rating: feedback.rating, feedback: JSON.stringify(feedback) })
    .where('id', '=', id)
    .executeTakeFirst();
  if (result.numUpdatedRows === 0n) throw new Problem('not-found', { detail: 'There is no such answer.' });
}
