/** A small model on a busy machine may think for minutes. */
export const answerTimeoutMs = 300_000;
