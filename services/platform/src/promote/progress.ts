/** Says how far a transfer is: bytes, pace, and how long it will take. */
export interface Progress {
  add(bytes: number): void;
  done(): void;
}

const mebibyte = 1024 * 1024;
const betweenLinesMs = 1_000;
const settledMs = 2_000;

export function createProgress(options: {
  readonly label: string;
  readonly totalBytes: number;
  readonly alreadyBytes: number;
  readonly say: (line: string) => void;
  readonly now?: () => number;
}): Progress {
  const now = options.now ?? Date.now;
  const began = now();
  let sent = 0;
  let spokenAt = 0;
  const speak = (): void => options.say(describeProgress({ ...options, sentBytes: sent, elapsedMs: now() - began }));
  return {
    add(bytes) {
      sent += bytes;
      if (now() - spokenAt < betweenLinesMs) return;
      spokenAt = now();
      speak();
    },
    done: speak
  };
}

/** `demo: 120.0 of 150.3 MiB (80 %), 12.5 MiB/s, 3 s left`; no pace before there is one. */
export function describeProgress(state: {
  readonly label: string;
  readonly totalBytes: number;
  readonly alreadyBytes: number;
  readonly sentBytes: number;
  readonly elapsedMs: number;
}): string {
  const there = state.alreadyBytes + state.sentBytes;
  const share = state.totalBytes === 0 ? 100 : Math.floor((100 * there) / state.totalBytes);
  const position = `${state.label}: ${(there / mebibyte).toFixed(1)} of ${(state.totalBytes / mebibyte).toFixed(1)} MiB (${share} %)`;
  if (state.sentBytes === 0 || state.elapsedMs < settledMs) return position;
  const bytesPerSecond = state.sentBytes / (state.elapsedMs / 1000);
  return `${position}, ${(bytesPerSecond / mebibyte).toFixed(1)} MiB/s, ${Math.ceil((state.totalBytes - there) / bytesPerSecond)} s left`;
}
