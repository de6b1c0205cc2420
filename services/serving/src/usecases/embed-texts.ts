import type { EmbeddingInput, Embeddings } from '@stratalab/contracts/serving';
import type { Call, Embedder } from '@stratalab/kernel';

/** Turns texts into vectors with the platform's embedding model; the order of the texts is kept. */
export async function embedTexts(embedder: Embedder, call: Call, input: EmbeddingInput): Promise<Embeddings> {
  const { vectors, tokenCount } = await embedder.embed({ texts: input.texts, kind: input.kind, signal: call.signal });
  return { model: embedder.model, dimensions: embedder.dimensions, vectors: vectors.map(vector => Array.from(vector)), promptTokens: tokenCount };
}
