import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@stratalab/tooling';
import { ann, createComputeHost, demo, type ComputeHost } from './testing/compute-host.ts';

const program = fileURLToPath(new URL('./testing/platform-process.ts', import.meta.url));
const code = [
  'import os, time',
  'open("started", "a").write("x")',
  'print("ready", len(open("started").read()))',
  'while not os.path.exists("go"): time.sleep(0.05)',
  'open(os.environ["STRATALAB_OUTPUTS"] + "/table/a.csv", "w").write("x\\n1\\n")',
  'print("done")'
].join('\n');

/** Two processes that exchange data before and after the kill; each launcher brings its own means. */
const gangs = {
  mpi: ['from mpi4py import MPI', 'rank = MPI.COMM_WORLD.Get_rank()', 'exchange = lambda: MPI.COMM_WORLD.allreduce(rank + 1)'],
  torchrun: [
    'import torch, torch.distributed as dist',
    "dist.init_process_group('gloo')",
    'rank = dist.get_rank()',
    'def exchange():',
    '    sum = torch.tensor([rank + 1])',
    '    dist.all_reduce(sum)',
    '    return int(sum)'
  ]
} as const;
const exchanging = [
  'print("before", exchange(), flush=True)',
  'while not os.path.exists("go"): time.sleep(0.05)',
  'print("after", exchange(), flush=True)',
  'if rank == 0: open(os.environ["STRATALAB_OUTPUTS"] + "/table/a.csv", "w").write("x\\n1\\n")'
];

/** The API of a host without background work; the platform that drives the jobs is a process that gets killed. */
describe('J9 kill -9 of the platform', () => {
  let jobs: ComputeHost;
  const children: ChildProcess[] = [];
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, jobs.host.databaseUrl, jobs.dataFolder, jobs.host.internalKey.toString('base64url')], {
      stdio: ['ignore', 'pipe', 'inherit']
    });
    children.push(child);
    await once(child.stdout, 'data');
    return child;
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  beforeAll(async () => {
    jobs = await createComputeHost({ isBackgroundRunning: false });
  });
  // One that lived on would drive the jobs of the next test, whose own platform was killed.
  afterEach(async () => {
    for (const child of children.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) await kill(child);
  });
  afterAll(() => jobs.close());

  test('P1 P2 P4 F01: the job goes on, is adopted, finishes, ran once, and its output is registered once', async () => {
    const job = await jobs.submit(code, { outputs: [{ name: 'table', kind: 'dataset', as: 'survivor' }] });
    const first = await start();
    await waitFor(async () => (await jobs.logOf(job.id)) === 'ready 1\n');
    await kill(first);
    // While nobody watches, the job does its work and ends.
    await writeFile(`${jobs.dataFolder}/tenants/demo/jobs/${job.id}/home/go`, '');
    await waitFor(async () => (await jobs.logOf(job.id)) === 'ready 1\ndone\n');
    expect((await jobs.as(ann).getJob({ params: { ...demo, job: job.id } })).state).not.toBe('succeeded');
    const second = await start();
    const over = await jobs.until(job.id, 'succeeded');
    expect([over.attempt, over.outputs[0]?.urn]).toEqual([1, 'urn:strata:demo:dataset:survivor@1']);
    await kill(second);
    await start();
    expect(await jobs.versionsOf('survivor')).toHaveLength(1);
  });

  test.each(['mpi', 'torchrun'] as const)(
    'a gang of two under %s goes on exchanging data, and its output is registered once',
    async launcher => {
      const output = `survivor-${launcher}`;
      const text = ['import os, time', ...gangs[launcher], ...exchanging].join('\n');
      const job = await jobs.submit(text, {
        launcher,
        ...{ processes: 2, resourcesPerProcess: { cpu: 0.5, memoryMiB: 1536, gpu: 0 } },
        outputs: [{ name: 'table', kind: 'dataset', as: output }]
      });
      const logs = (): Promise<string[]> => Promise.all(['0', '1'].map(rank => jobs.logOf(job.id, rank)));
      const first = await start();
      await waitFor(async () => (await logs()).every(log => log === 'before 3\n') || undefined, 60_000);
      await kill(first);
      await writeFile(`${jobs.dataFolder}/tenants/demo/jobs/${job.id}/home/go`, '');
      await waitFor(async () => (await logs()).every(log => log === 'before 3\nafter 3\n') || undefined);
      const second = await start();
      expect(await jobs.until(job.id, 'succeeded')).toMatchObject({ attempt: 1, outputs: [{ urn: `urn:strata:demo:dataset:${output}@1` }] });
      await kill(second);
      await start();
      expect(await jobs.versionsOf(output)).toHaveLength(1);
    },
    180_000
  );

  test('F03 F04: killed at random moments between submit and end, every job still ends well and once', async () => {
    const submitted = await Promise.all(
      Array.from({ length: 3 }, (_unused, index) => jobs.submit(code.replace(/^while.*$/m, ''), { outputs: [{ name: 'table', kind: 'dataset', as: `round-${index}` }] }))
    );
    const isOver = async (): Promise<boolean> =>
      (await Promise.all(submitted.map(({ id }) => jobs.as(ann).getJob({ params: { ...demo, job: id } })))).every(({ state }) => state === 'succeeded');
    for (let round = 0; round < 4 && !(await isOver()); round += 1) {
      const child = await start();
      const states = async (): Promise<string> => (await jobs.as(ann).listJobs({ params: demo })).items.map(({ state }) => state).join();
      const before = await states();
      await waitFor(async () => (await states()) !== before || (await isOver()), 10_000).catch(() => undefined);
      await kill(child);
    }
    await start();
    for (const [index, { id }] of submitted.entries()) {
      expect(await jobs.until(id, 'succeeded')).toMatchObject({ attempt: 1 });
      expect(await jobs.versionsOf(`round-${index}`)).toHaveLength(1);
      expect(await jobs.logOf(id)).toBe('ready 1\ndone\n');
    }
  });
});
