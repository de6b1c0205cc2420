/** Dimensions of the vector column. */
export const vectorDimensions = 384;

/** A vector as pgvector reads it. */
export function vectorText(vector: readonly number[]): string {
  return `[${vector.join(',')}]`;
}
