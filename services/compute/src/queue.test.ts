import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Job } from '@stratalab/contracts/compute';
import { controlRoutes } from '@stratalab/contracts/control';
import { testActor, waitFor } from '@stratalab/tooling';
import { ann, createComputeHost, demo, eve, type ComputeHost } from './testing/compute-host.ts';

const sleep = 'import time\nprint("ready")\ntime.sleep(600)';
const root = testActor({ subject: 'root', isAdministrator: true });

describe('the queue', () => {
  let jobs: ComputeHost;
  beforeAll(async () => {
    jobs = await createComputeHost();
  });
  afterAll(() => jobs.close());

  const cancel = async (id: string): Promise<void> => {
    await jobs.as(ann).cancelJob({ params: { ...demo, job: id } });
    await jobs.until(id, 'cancelled');
  };

  test('a gang starts whole or not at all, nobody overtakes it, and each wait says why', async () => {
    const first = await jobs.submit(sleep);
    await jobs.until(first.id, 'running');
    const gang = await jobs.submit('print("gang")', { processes: 2 });
    const waiting = await waitFor(async () => {
      const seen = await jobs.as(ann).getJob({ params: { ...demo, job: gang.id } });
      return seen.place === 1 ? seen : undefined;
    });
    expect(waiting.waitReason).toBe('Waiting for free slots: it needs 2 cores, and 1 is free.');
    const small = await jobs.submit('print("small")');
    const { items, free, running } = await waitFor(async () => {
      const queue = await jobs.as(ann).getQueue({ params: demo });
      return queue.items.length === 2 ? queue : undefined;
    });
    expect(items.map(({ id, place, waitReason, wouldStartIf }) => [id, place, waitReason, wouldStartIf])).toEqual([
      [gang.id, 1, 'Waiting for free slots: it needs 2 cores, and 1 is free.', 'it had 1 process instead of 2'],
      [small.id, 2, 'Waiting behind 1 job.', 'the job before it had started']
    ]);
    expect(items.map(({ smallerAsk, ahead }) => [smallerAsk, ahead.firstOwn, ahead.others])).toEqual([
      [{ processes: 1, resourcesPerProcess: { cpu: 1, memoryMiB: 512, gpu: 0 } }, [], 0],
      [null, ['job'], 0]
    ]);
    expect(await jobs.as(ann).getQueue({ params: demo })).toMatchObject({ waiting: 2, use: { jobs: 1, cpu: 1 }, runningJobs: [{ id: first.id, holds: { cpu: 1 } }] });
    const pool = await jobs.as(root).getPool({ query: { cpu: 1, memoryMiB: 64, gpu: 0 } });
    expect(pool).toMatchObject({ kind: 'machine', largestGang: 1, used: { cpu: 1 }, tenants: [{ tenant: 'demo', waiting: 2, processes: 1 }], nodeCount: 1 });
    await expect(jobs.as(ann).getPool({})).rejects.toMatchObject({ code: 'forbidden' });
    expect([free.cpu, running]).toEqual([1, 1]);
    expect(await jobs.as(ann).explainJob({ params: { ...demo, job: small.id } })).toMatchObject({ place: 2, ahead: [{ id: gang.id, name: 'job' }] });
    const leaves = await jobs.submit('print("never")');
    expect(await jobs.as(ann).cancelJob({ params: { ...demo, job: leaves.id }, query: { ifWaiting: true } })).toMatchObject({ state: 'cancelled' });
    await expect(jobs.as(ann).cancelJob({ params: { ...demo, job: first.id }, query: { ifWaiting: true } })).rejects.toMatchObject({ code: 'invalid-state' });
    expect(await jobs.as(ann).getJob({ params: { ...demo, job: first.id } })).toMatchObject({ state: 'running', isCancelling: false });
    await cancel(first.id);
    await jobs.until(gang.id, 'succeeded');
    await jobs.until(small.id, 'succeeded');
  });

  test('a priority overtakes inside the tenant; jobs of others are counted and never named (T02)', async () => {
    const first = await jobs.submit(sleep, { processes: 2 });
    await jobs.until(first.id, 'running');
    const late = await jobs.submit('print(1)');
    const urgent = await jobs.submit('print(1)', { priority: 5 });
    const foreign = await jobs.submit('print("secret")', { name: 'foreign' }, eve);
    const queue = await waitFor(async () => {
      const seen = await jobs.as(ann).getQueue({ params: demo });
      return seen.items.length === 2 && seen.othersWaiting === 1 ? seen : undefined;
    });
    expect(queue.items.map(({ id }) => id)).toEqual([urgent.id, late.id]);
    expect(JSON.stringify([queue, await jobs.as(ann).explainJob({ params: { ...demo, job: late.id } })])).not.toContain(foreign.id);
    await cancel(first.id);
    for (const { id } of [urgent, late]) await jobs.until(id, 'succeeded');
    await waitFor(async () => (await jobs.as(eve).getJob({ params: { tenant: 'other', job: foreign.id } })).state === 'succeeded');
  });

  test('T72 P5 a hundred at once never use more than the quota, and the rest waits with the numbers', async () => {
    await jobs.host.clientFor(controlRoutes, root).setQuota({ params: { ...demo, resource: 'jobs' }, body: { limit: 1 } });
    const submitted = await Promise.all(Array.from({ length: 12 }, () => jobs.submit('print(1)', { resourcesPerProcess: { cpu: 0.1, memoryMiB: 128, gpu: 0 } })));
    let isWaitSeen = false;
    const begun = await waitFor(async () => {
      const { items } = await jobs.as(ann).listJobs({ params: demo, query: { limit: 12 } });
      isWaitSeen ||= items.some(({ waitReason }) => waitReason?.startsWith('Waiting for quota of the tenant: this needs 1 job; 1 of 1 are in use.') === true);
      return isWaitSeen && items.some(({ state }) => state === 'succeeded') ? items.filter(({ state }) => state !== 'queued') : undefined;
    });
    await jobs.host.clientFor(controlRoutes, root).setQuota({ params: { ...demo, resource: 'jobs' }, body: { limit: 50 } });
    const over = new Map<string, Job>();
    for (const { id } of submitted) over.set(id, await jobs.until(id, 'succeeded'));
    // By what the processes say, not by states: what is over gives back its quota a moment before it says so.
    const spans = begun.flatMap(({ id }) => over.get(id) ?? []).sort((one, other) => Date.parse(one.startedAt ?? '') - Date.parse(other.startedAt ?? ''));
    const overlaps = spans.filter(({ startedAt }, index) => Date.parse(startedAt ?? '') < Date.parse(spans[index - 1]?.finishedAt ?? startedAt ?? ''));
    expect([spans.length, overlaps]).toEqual([begun.length, []]);
  });

  test('J7 with the limit at zero the next job is refused with the numbers', async () => {
    await jobs.host.clientFor(controlRoutes, root).setQuota({ params: { ...demo, resource: 'jobs' }, body: { limit: 0 } });
    await expect(jobs.submit('print(1)')).rejects.toMatchObject({ code: 'quota-exceeded', details: { resource: 'jobs', limit: 0, used: 0, requested: 1 } });
    await jobs.host.clientFor(controlRoutes, root).setQuota({ params: { ...demo, resource: 'jobs' }, body: { limit: 50 } });
  });

  test('a deadline ends an attempt', async () => {
    const job = await jobs.submit(sleep, { deadlineSeconds: 5 });
    expect(await jobs.until(job.id, 'failed')).toMatchObject({ reason: 'It ran longer than its deadline of 5 s and was stopped.' });
  });
});
