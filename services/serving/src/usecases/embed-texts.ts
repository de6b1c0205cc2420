import type { EmbeddingInput, Embeddings } from '@stratalab/contracts/serving';
import type { Call, Embedder, EmbeddingKind, EmbedResult } from '@stratalab/kernel';
import type { TokenBudget } from '../gateway/token-budget.ts';
import type { UsageRecorder } from '../gateway/usage-recorder.ts';
import { subjectOf } from '../gateway/subject.ts';

export interface EmbedParts {
  readonly embedder: Embedder;
  readonly budget: TokenBudget;
  readonly usage: UsageRecorder;
}

export interface EmbedOrder {
  readonly tenant: string;
  readonly subject: string;
  readonly texts: readonly string[];
  readonly kind: EmbeddingKind;
  readonly signal: AbortSignal;
}

/** Prefix and special tokens the model adds to each text. */
const addedTokens = 8;

/** Embeds within the tenant's token quota and counts what was read. @throws quota-exceeded, too-many-requests, unavailable */
export async function embedFor(parts: EmbedParts, order: EmbedOrder): Promise<EmbedResult> {
  const { tenant, subject, texts, kind, signal } = order;
  // A token is at least one byte.
  const hold = await parts.budget.hold(
    tenant,
    texts.reduce((sum, text) => sum + Buffer.byteLength(text) + addedTokens, 0)
  );
  let usedTokens = 0;
  try {
    const result = await parts.embedder.embed({ texts, kind, signal });
    usedTokens = result.tokenCount;
    parts.usage.add({ tenant, endpoint: parts.embedder.model, subject, inputTokens: usedTokens, outputTokens: 0 });
    return result;
  } finally {
    hold.settle(usedTokens);
  }
}

/** Turns texts into vectors with the platform's embedding model; the order of the texts is kept. */
export async function embedTexts(parts: EmbedParts, call: Call, input: EmbeddingInput): Promise<Embeddings> {
  const { vectors, tokenCount } = await embedFor(parts, { tenant: call.tenant, subject: subjectOf(call.actor), texts: input.texts, kind: input.kind, signal: call.signal });
  return { model: parts.embedder.model, dimensions: parts.embedder.dimensions, vectors: vectors.map(vector => Array.from(vector)), promptTokens: tokenCount };
}
