/** What the texts are: a question is embedded another way than a text that is to be found. */
export type EmbeddingKind = 'query' | 'passage';

export interface EmbedRequest {
  readonly texts: readonly string[];
  readonly kind: EmbeddingKind;
  readonly signal?: AbortSignal;
}

export interface EmbedResult {
  /** One vector of length 1 per text, in the order of the texts. */
  readonly vectors: readonly Float32Array[];
  /** Tokens the model read, specials and prefixes included. */
  readonly tokenCount: number;
}

/** Turns texts into vectors whose dot product says how close they are. */
export interface Embedder {
  /** Name callers use, and the name stored beside vectors: vectors of different models cannot be compared. */
  readonly model: string;
  readonly dimensions: number;
  /**
   * Embeds any number of texts of any length; texts longer than the model's window are read in windows. The same text gives the same vector.
   * @throws unavailable when the model does not answer; too-many-requests when too much waits already; the signal's reason after an abort
   */
  embed(request: EmbedRequest): Promise<EmbedResult>;
  /** Ends the model's process; a later call starts it again. */
  close(): Promise<void>;
}
