import { expect, test } from '@jest/globals';
import { newId } from '../id.ts';
import type { JobAttempt, JobLauncher, JobRuntime, JobStart } from '../ports/job-runtime.ts';
import { joinRuntimes } from './join-runtimes.ts';

/** Remembers what it was given; knows only what it started. */
function inMemory(offered: readonly JobLauncher[] | undefined, allowed = ['a']): JobRuntime & { readonly told: string[] } {
  const known = new Set<string>();
  const told: string[] = [];
  const tell =
    (what: string) =>
    async ({ jobId }: Pick<JobAttempt, 'jobId'>): Promise<void> =>
      void told.push(`${what} ${jobId}`);
  return {
    told,
    capacity: async () => ({ cpu: 1, memoryMiB: 1, gpu: 0 }),
    ...(offered === undefined ? {} : { launchers: async tenant => (allowed.includes(tenant) ? offered : []) }),
    start: async request => void known.add(request.jobId),
    observe: async ({ jobId }) => (known.has(jobId) ? { phase: 'starting' } : { phase: 'absent' }),
    cancel: tell('cancel'),
    readLog: async (_job, { offset }) => ({ text: '', nextOffset: offset, isAtEnd: true }),
    stageOutput: async () => true,
    tidy: tell('tidy'),
    async remove(job) {
      await tell('remove')(job);
      return !known.delete(job.jobId);
    }
  };
}
const request = (launcher: JobLauncher, tenant = 'a'): JobStart => ({
  ...{ tenant, jobId: newId(), attempt: 1, launcher, processes: 1, gpuDevices: [], fileName: 'main.py', code: '' },
  ...{ perProcess: { cpu: 1, memoryMiB: 64, gpu: 0 }, arguments: [], environment: {}, token: 't', mounts: [], outputs: [] }
});

test('each job runs where its launcher is offered to its tenant, and is found there again', async () => {
  const [main, special] = [inMemory(undefined), inMemory(['ray'])];
  const both = joinRuntimes(main, special);
  expect([await both.launchers?.('a'), await both.launchers?.('b')]).toEqual([
    ['python', 'torchrun', 'mpi', 'ray'],
    ['python', 'torchrun', 'mpi']
  ]);
  const [plain, onRay, ofOther] = [request('python'), request('ray'), request('ray', 'b')];
  for (const job of [plain, onRay, ofOther]) await both.start(job);
  expect(await Promise.all([plain, onRay, ofOther].map(async job => [(await main.observe(job)).phase, (await special.observe(job)).phase]))).toEqual([
    ['starting', 'absent'],
    ['absent', 'starting'],
    ['starting', 'absent']
  ]);
  await both.cancel(onRay, { graceMs: 1 });
  await both.tidy(plain);
  expect([main.told, special.told]).toEqual([[`tidy ${plain.jobId}`], [`cancel ${onRay.jobId}`]]);
});

test('a job is gone when neither has anything of it', async () => {
  const both = joinRuntimes(inMemory(undefined), inMemory(['ray']));
  const job = request('ray');
  await both.start(job);
  await both.start({ ...job, launcher: 'python', attempt: 2 });
  expect([await both.remove(job), await both.remove(job), await both.remove(job)]).toEqual([false, false, true]);
});
