/** Lets work on one path take turns, in the order it came; work on other paths is not held up. */
export function createPathQueue(): <T>(path: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (path, work) => {
    const mine = (last.get(path) ?? Promise.resolve()).catch(() => undefined).then(work);
    last.set(path, mine);
    try {
      return await mine;
    } finally {
      if (last.get(path) === mine) last.delete(path);
    }
  };
}
