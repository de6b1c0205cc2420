/** Runs `work` for 0 … count − 1, with at most `parallel` at a time. */
export async function inParallel(count: number, parallel: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(parallel, count) }, async () => {
      while (next < count) await work(next++);
    })
  );
}
