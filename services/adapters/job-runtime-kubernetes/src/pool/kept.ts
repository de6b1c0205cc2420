/** How long an answer is good enough: people look at screens, and the cluster is spared. */
const freshMs = 5_000;

/**
 * Keeps what was read for some seconds. Those who ask at the same moment share one reading, so the number of readers never reaches the API server; a failure is
 * told to those who waited for it and not kept.
 */
export function kept<T>(read: () => Promise<T>, now: () => number = Date.now): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (last !== undefined && now() - last.at < freshMs) return last.answer;
    const reading = { at: now(), answer: read() };
    last = reading;
    reading.answer.catch(() => {
      if (last === reading) last = undefined;
    });
    return reading.answer;
  };
}
