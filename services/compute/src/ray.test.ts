import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@stratalab/tooling';
import { ann, createComputeHost, demo, type ComputeHost } from './testing/compute-host.ts';

const here = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const python = join(process.env['STRATALAB_VENV'] ?? here('.venv'), 'bin/python');

const counting = [
  'import csv, glob, os',
  "rank, world = os.environ['RANK'], os.environ['WORLD_SIZE']",
  "[path] = glob.glob(os.path.expanduser('~/datasets/flights@1/*.csv'))",
  'rows = list(csv.DictReader(open(path)))[int(rank)::int(world)]',
  "print(f'{rank} of {world} takes {len(rows)} rows')",
  "if rank == '0':",
  "    with open(os.environ['STRATALAB_OUTPUTS'] + '/counted/counted.csv', 'w') as file:",
  "        file.write(f'n\\n{len(rows)}\\n')"
].join('\n');

describe('a job and Ray', () => {
  let jobs: ComputeHost;
  beforeAll(async () => {
    jobs = await createComputeHost({
      capacity: { cpu: 2, memoryMiB: 8192, gpu: 0 },
      pythons: [python, here('.cache/ray/bin/python')]
    });
    await waitFor(async () => (await jobs.versionsOf('flights').catch(() => []))[0]?.state === 'ready' || undefined);
  });
  afterAll(() => jobs.close());

  test('the same job runs as processes and on Ray: its mounts, logs, output and lineage are the same', async () => {
    const run = async (launcher: 'python' | 'ray') => {
      const { id } = await jobs.submit(counting, {
        ...{ launcher, processes: 2, datasets: [{ name: 'flights' }], outputs: [{ name: 'counted', kind: 'dataset', as: `by-${launcher}` }] }
      });
      const job = await jobs.until(id, 'succeeded');
      return { logs: [await jobs.logOf(id, '0'), await jobs.logOf(id, '1')], inputs: job.inputs, urn: job.outputs[0]?.urn, parts: job.logParts };
    };
    const [plain, onRay] = [await run('python'), await run('ray')];
    expect(plain.logs).toEqual(['0 of 2 takes 2 rows\n', '1 of 2 takes 1 rows\n']);
    expect(onRay).toEqual({ ...plain, urn: 'urn:strata:demo:dataset:by-ray@1' });
    expect((await jobs.as(ann).getQueue({ params: demo })).launchers).toEqual(['python', 'torchrun', 'mpi', 'ray']);
  });
});

test('where there is no Ray, and no kinds of GPU, a job for them is refused before anything is made', async () => {
  const jobs = await createComputeHost({ isBackgroundRunning: false, pythons: [python] });
  try {
    await expect(jobs.submit('print(1)', { gpuKind: 'h200' })).rejects.toMatchObject({
      code: 'invalid-request',
      details: { hint: 'All GPUs are alike on this installation: leave the kind out.' }
    });
    await expect(jobs.submit('print(1)', { launcher: 'ray' })).rejects.toMatchObject({
      code: 'invalid-request',
      details: { detail: 'Jobs cannot be started by Ray here: this installation has no Ray for jobs.' }
    });
    expect((await jobs.as(ann).listJobs({ params: demo, query: {} })).items).toEqual([]);
    expect((await jobs.as(ann).getQueue({ params: demo })).launchers).toEqual(['python', 'torchrun', 'mpi']);
  } finally {
    await jobs.close();
  }
});
