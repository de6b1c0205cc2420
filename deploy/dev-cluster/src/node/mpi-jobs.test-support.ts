import { expect, test } from '@jest/globals';
import { createKubernetesJobRuntime, type ClusterClient, type KubernetesJobRuntime, type Site } from '@stratalab/job-runtime-kubernetes';
import type { JobStart } from '@stratalab/kernel';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The product's Python environment, in which Open MPI and mpi4py are, and the Python it was made of; pods see both where this machine has them. */
const environment = fileURLToPath(new URL('../../../../.venv', import.meta.url));
const foldersOfPython = (): readonly string[] => [environment, dirname(dirname(realpathSync(join(environment, 'bin/python3'))))].filter(folder => !folder.startsWith('/usr'));

export interface MpiParts {
  readonly client: () => ClusterClient;
  readonly site: () => Site;
  readonly request: (code: string, given: Partial<JobStart>) => JobStart;
  readonly waitFor: <T>(check: () => Promise<T | undefined>) => Promise<T>;
}

const sum = [
  'import os, socket',
  'from mpi4py import MPI',
  'world = MPI.COMM_WORLD',
  'rank = world.Get_rank()',
  "print(rank, os.environ['RANK'], os.environ['WORLD_SIZE'], world.allreduce(rank + 1), len(set(world.allgather(socket.gethostname()))))"
].join('\n');

const failing = ['import os, time', 'from mpi4py import MPI', 'if MPI.COMM_WORLD.Get_rank() == 1: os._exit(5)', 'time.sleep(600)'].join('\n');

/** MPI across real pods, which hold no key, no right to exec and no ssh. */
export function testMpiJobs({ client, site, request, waitFor }: MpiParts): void {
  const mpi = { launcher: 'mpi', processes: 2, perProcess: { cpu: 0.2, memoryMiB: 512, gpu: 0 } } as const;
  const runtime = (): KubernetesJobRuntime => {
    const { pod, volumeMounts, ...given } = site();
    return createKubernetesJobRuntime(client(), {
      ...given,
      environment: { PATH: `${environment}/bin:/usr/bin:/bin` },
      pod: { ...pod, volumes: [...(pod?.volumes ?? []), ...foldersOfPython().map((path, index) => ({ name: `python-${index}`, hostPath: { path } }))] },
      volumeMounts: [...(volumeMounts ?? []), ...foldersOfPython().map((mountPath, index) => ({ name: `python-${index}`, mountPath, readOnly: true }))]
    });
  };
  const ended = (job: JobStart) =>
    waitFor(async () => {
      const seen = await runtime().observe(job);
      return seen.phase === 'ended' ? seen : undefined;
    });
  const log = async (job: JobStart, part: string): Promise<string> => (await runtime().readLog(job, { part, offset: 0, limitBytes: 20_000 })).text;

  test('two pods add up their ranks over MPI', async () => {
    const job = request(sum, mpi);
    await runtime().start(job);
    const seen = await ended(job);
    expect({ seen, launcher: await log(job, 'launcher') }).toMatchObject({ seen: { end: 'exited', exitCode: 0 }, launcher: '' });
    expect([await log(job, '0'), await log(job, '1')]).toEqual(['0 0 2 3 2\n', '1 1 2 3 2\n']);
    await runtime().remove(job);
  });

  test('a process of MPI that fails ends the gang, and its rank is the one that is named', async () => {
    const job = request(failing, mpi);
    await runtime().start(job);
    expect(await ended(job)).toMatchObject({ end: 'exited', exitCode: 5, failedRank: 1 });
    await runtime().remove(job);
  });
}
