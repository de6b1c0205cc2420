import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeJobRuntime } from '@stratalab/kernel/conformance/job-runtime';
import { newId, type JobRuntime, type JobStart } from '@stratalab/kernel';
import { waitFor } from '@stratalab/tooling';
import { createRayClient, createRayHeadJobRuntime } from './index.ts';
import { startRayHead, type RayHead } from './ray-head.test-support.ts';

const dataFolder = realpathSync(mkdtempSync(join(tmpdir(), 'stratalab-ray-head-')));
process.env['STRATALAB_CANARY'] = 'of the platform';

let head: RayHead | undefined;
const of = (): RayHead => {
  if (head === undefined) throw new Error('The head is not up.');
  return head;
};
const clientOf = (token = of().token) => createRayClient({ address: of().address, token: async () => token });
const create = (address = of().address): JobRuntime => {
  const { python, token } = of();
  const client = createRayClient({ address, token: async () => token });
  return createRayHeadJobRuntime({ client, dataFolder, python, capacity: { cpu: 2, memoryMiB: 4096, gpu: 0 }, isAllowed: tenant => tenant === 'alpha' });
};
/** Until its head knows nothing of it: one that notices late that its driver is gone writes that down once more, also for a submission that was removed before. */
const forgotten = (submissionId: string): Promise<true> =>
  waitFor(async () => {
    const client = clientOf();
    await client.remove(submissionId);
    const [known, text] = [await client.read(submissionId), await client.logs(submissionId, { offset: 0, limitBytes: 10 })];
    return known === undefined && text === '' ? true : undefined;
  }, 60_000);
const job = (code: string, given: Partial<JobStart> = {}): JobStart => ({
  ...{ tenant: 'alpha', jobId: newId(), attempt: 1, launcher: 'ray', processes: 1, gpuDevices: [], fileName: 'main.py', code },
  ...{ perProcess: { cpu: 0.5, memoryMiB: 512, gpu: 0 }, arguments: [], environment: {}, token: 't', mounts: [], outputs: [] },
  ...given
});

beforeAll(async () => {
  head = await startRayHead();
});
afterAll(async () => {
  await head?.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

describe('job-runtime-ray on a real head', () => {
  // The whole suite of processes: their code does not see a difference.
  const asRay = (runtime: JobRuntime): JobRuntime => ({ ...runtime, start: request => runtime.start({ ...request, launcher: 'ray' }) });
  describeJobRuntime(() => asRay(create()), {
    test: (name, work) => void test(name, work, 150_000),
    equal: (actual, expected) => expect(actual).toEqual(expected),
    rejects: (work, code) => expect(work).rejects.toMatchObject({ code }),
    waitFor: check => waitFor(check, 120_000),
    newId,
    restarted: () => asRay(create())
  });

  test('a gang that does not fit into the cluster waits whole, and a cancel ends it', async () => {
    const large = job('print(1)', { processes: 3, perProcess: { cpu: 1, memoryMiB: 128, gpu: 0 } });
    const runtime = create();
    await runtime.start(large);
    await waitFor(
      async () => (await runtime.readLog(large, { part: 'launcher', offset: 0, limitBytes: 10_000 })).text.includes('Waiting for 3 places on Ray.') || undefined,
      120_000
    );
    expect((await runtime.observe(large)).phase).toBe('starting');
    await runtime.cancel(large, { graceMs: 0 });
    expect(await waitFor(async () => ((await runtime.observe(large)).phase === 'ended' ? runtime.observe(large) : undefined), 120_000)).toMatchObject({ end: 'cancelled' });
    await waitFor(async () => (await runtime.remove(large)) || undefined, 60_000);
  });

  test('a head that forgot a job that ran is a lost attempt, one that forgot a job that ended changes nothing', async () => {
    const runtime = create();
    const short = job('print(1)');
    await runtime.start(short);
    await waitFor(async () => (await runtime.observe(short)).phase === 'ended' || undefined, 120_000);
    await forgotten(`stratalab-${short.jobId}-1`);
    expect(await runtime.observe(short)).toMatchObject({ phase: 'ended', exitCode: 0 });
    await runtime.start(short);
    expect((await runtime.readLog(short, { part: '0', offset: 0, limitBytes: 100 })).text).toBe('1\n');
  });

  test('a submission that comes back in the head after its job was removed is not the job', async () => {
    const removed = job('print(1)');
    await clientOf().submit({ submissionId: `stratalab-${removed.jobId}-1`, entrypoint: 'false', metadata: {} });
    await waitFor(async () => (await clientOf().read(`stratalab-${removed.jobId}-1`))?.status === 'FAILED' || undefined, 120_000);
    expect(await create().observe(removed)).toEqual({ phase: 'absent' });
  });

  test('submissions are found again by their ids, and what a driver wrote is read from an offset', async () => {
    const client = clientOf();
    const submissionId = `stratalab-test-${newId()}`;
    const submission = { submissionId, entrypoint: 'echo hello from ray', metadata: {} };
    expect([await client.submit(submission), await client.submit(submission)]).toEqual([true, false]);
    await waitFor(async () => (await client.read(submissionId))?.status === 'SUCCEEDED' || undefined, 120_000);
    expect((await client.list()).map(known => known.submissionId)).toContain(submissionId);
    // The head writes a line of its own before it.
    const offset = (await client.logs(submissionId, { offset: 0, limitBytes: 10_000 })).indexOf('from ray');
    expect(await client.logs(submissionId, { offset, limitBytes: 4 })).toBe('from');
    await client.stop(submissionId);
    await forgotten(submissionId);
    await client.remove(submissionId);
  });
});

describe('who may', () => {
  test('T54 a head is asked with its token, and without it nothing is told', async () => {
    expect(await clientOf().version()).toBe('2.60.0');
    await expect(clientOf('wrong-token-of-somebody-else').list()).rejects.toMatchObject({ code: 'unavailable', details: { detail: 'The Ray cluster does not accept our token.' } });
  });

  test('a tenant that is not named gets no Ray and starts nothing', async () => {
    expect([await create().launchers?.('alpha'), await create().launchers?.('beta')]).toEqual([['ray'], []]);
    await expect(create().start(job('print(1)', { tenant: 'beta' }))).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('T54 a head that is too old to ask for a token is refused, and so is what is no Ray', async () => {
    for (const [version, words] of [
      ['2.51.1', /version 2\.51\.1; 2\.52 is the first/],
      ['', /no Ray/]
    ] as const) {
      const server = createServer((_request, response) => void response.end(JSON.stringify({ ray_version: version }))).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      await expect(createRayClient({ address: `http://127.0.0.1:${port}` }).version()).rejects.toMatchObject({
        code: 'invalid-state',
        details: { detail: expect.stringMatching(words) }
      });
      server.close();
    }
  });

  test('F19 a head that is away is unavailable, and holds up no job that never was there', async () => {
    const away = create('http://127.0.0.1:9');
    await expect(away.observe(job(''))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await away.remove({ tenant: 'alpha', jobId: newId() })).toBe(true);
  });
});
