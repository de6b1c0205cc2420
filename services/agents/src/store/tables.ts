import type { AnswerVerdict, Answer, DocumentFormat, DocumentState, Feedback } from '@stratalab/contracts/agents';
import type { JsonColumn, NullableTimestampColumn, TimestampColumn, Tx } from '@stratalab/kernel';
import type { ColumnType } from 'kysely';

/** jsonb that may be absent. */
type NullableJsonColumn<T> = ColumnType<T | null, string | null | undefined, string | null>;

export interface StoredProblem {
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
}

/** What an answer keeps beside the columns its list shows. */
export type AnswerDetails = Pick<Answer, 'citations' | 'sentences' | 'passages' | 'messages' | 'trace'>;

export type AgentsTables = {
  'agents.collection': { id: string; tenant: string; name: string; description: string; created_by: string; created_at: TimestampColumn; updated_at: TimestampColumn };
  'agents.document': {
    id: string;
    tenant: string;
    collection_id: string;
    name: string;
    format: DocumentFormat;
    title: string;
    state: DocumentState;
    problem: NullableJsonColumn<StoredProblem>;
    size_bytes: number;
    sha256: string;
    character_count: ColumnType<number, number | undefined, number>;
    page_count: ColumnType<number | null, number | null | undefined, number | null>;
    chunk_count: ColumnType<number, number | undefined, number>;
    embedded_count: ColumnType<number, number | undefined, number>;
    term_total: ColumnType<number, number | undefined, number>;
    embedder: ColumnType<string | null, string | null | undefined, string | null>;
    generation: ColumnType<number, number | undefined, number>;
    uploaded_by: string;
    created_at: TimestampColumn;
    ready_at: NullableTimestampColumn;
  };
  'agents.document_text': { document_id: string; tenant: string; text: string; pages: JsonColumn<readonly { page: number; from: number }[]> };
  'agents.chunk': {
    id: string;
    tenant: string;
    collection_id: string;
    document_id: string;
    ordinal: number;
    from_character: number;
    to_character: number;
    headings: JsonColumn<readonly string[]>;
    page: number | null;
    tokens: number;
    content: string;
    embedding: ColumnType<string | null, string | null | undefined, string | null>;
  };
  'agents.chunk_term': { tenant: string; collection_id: string; document_id: string; term: string; chunk_id: string; frequency: number; chunk_length: number };
  'agents.answer': {
    id: string;
    tenant: string;
    collection: string;
    endpoint: string;
    question: string;
    text: string;
    verdict: AnswerVerdict;
    citation_count: number;
    valid_citation_count: number;
    prompt_tokens: number;
    completion_tokens: number;
    duration_ms: number;
    finish_reason: string;
    details: JsonColumn<AnswerDetails>;
    rating: ColumnType<'good' | 'bad' | null, 'good' | 'bad' | null | undefined, 'good' | 'bad' | null>;
    feedback: NullableJsonColumn<Feedback>;
    asked_by: string;
    created_at: TimestampColumn;
  };
  'agents.milestone': { tenant: string; name: string; time: TimestampColumn };
};

/** The transaction with this service's tables. */
export function tables(tx: Tx) {
  return tx.withTables<AgentsTables>();
}
