/** What goes between the service and the embedder's process. */
export interface EmbedOrder {
  readonly id: number;
  readonly texts: readonly string[];
  readonly isQuery: boolean;
}

export interface EmbedAnswer {
  readonly id: number;
  /** All vectors, row by row. */
  readonly values?: Float32Array;
  readonly tokenCount?: number;
  readonly error?: string;
}

export const dimensions = 384;

/** Messages come from the process we started and speak this file's types. */
export function unsafeOrder(message: unknown): EmbedOrder {
  return message as EmbedOrder;
}

export function unsafeAnswer(message: unknown): EmbedAnswer {
  return message as EmbedAnswer;
}
