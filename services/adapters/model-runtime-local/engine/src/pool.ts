/** Things of which each is used by one at a time; who finds none free waits in line. */
export interface Pool<T> {
  /** @throws the signal's reason when it aborts while waiting */
  take(signal: AbortSignal): Promise<T>;
  give(item: T): void;
}

export function createPool<T>(items: readonly T[]): Pool<T> {
  const free = [...items];
  const waiting: { readonly signal: AbortSignal; readonly resolve: (item: T) => void }[] = [];
  return {
    take(signal) {
      signal.throwIfAborted();
      const item = free.pop();
      if (item !== undefined) return Promise.resolve(item);
      return new Promise<T>((resolve, reject) => {
        waiting.push({ signal, resolve });
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    },
    give(item) {
      const next = waiting.shift();
      if (next === undefined) free.push(item);
      else if (next.signal.aborted) this.give(item);
      else next.resolve(item);
    }
  };
}
