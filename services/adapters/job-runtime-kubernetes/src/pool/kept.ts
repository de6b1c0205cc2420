/** How long an answer is good enough: people look at screens, and the cluster is spared. */
const usualMs = 5_000;
/** What takes long to read is read less often: no more than this part of the time is spent on it. */
const readingShare = 0.05;

/**
 * Keeps what was read for some seconds. Those who ask at the same moment share one reading, so the number of readers never reaches the API server; a failure is
 * told to those who waited for it and not kept.
 */
export function kept<T>(read: () => Promise<T>, { freshMs = usualMs, now = Date.now }: { readonly freshMs?: number; readonly now?: () => number } = {}): () => Promise<T> {
  let last: { readonly answer: Promise<T>; goodUntil: number } | undefined;
  return () => {
    const at = now();
    if (last !== undefined && at < last.goodUntil) return last.answer;
    const reading = { answer: read(), goodUntil: Number.POSITIVE_INFINITY };
    last = reading;
    reading.answer.then(
      () => (reading.goodUntil = at + Math.max(freshMs, (now() - at) / readingShare)),
      () => {
        if (last === reading) last = undefined;
      }
    );
    return reading.answer;
  };
}
