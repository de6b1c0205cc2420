const fewAnyway = 10;
const suspiciousShare = 0.2;

/**
 * Whether a list that lacks known objects is believed only when a second one agrees: an empty list never is at once, nor one that lacks a fifth of what is known
 * (and more than ten).
 */
export function needsSecondList(missing: number, known: number): boolean {
  return missing > 0 && (missing === known || missing > Math.max(fewAnyway, known * suspiciousShare));
}
