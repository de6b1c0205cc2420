import { afterAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newId, type JobObservation, type JobStart } from '@stratalab/kernel';
import { waitFor } from '@stratalab/tooling';
import { createLocalJobRuntime } from './index.ts';

const here = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const bare = join(process.env['STRATALAB_VENV'] ?? here('.venv'), 'bin/python');
const withRay = here('.cache/ray/bin/python');
const dataFolder = realpathSync(mkdtempSync(join(tmpdir(), 'stratalab-ray-')));
const create = (pythons: readonly string[]) => createLocalJobRuntime({ dataFolder, pythons, capacity: { cpu: 2, memoryMiB: 8192, gpu: 0 } });
const runtime = create([bare, withRay]);

afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

const job = (code: string, given: Partial<JobStart> = {}): JobStart => ({
  ...{ tenant: 'alpha', jobId: newId(), attempt: 1, launcher: 'ray', processes: 1, gpuDevices: [], fileName: 'main.py', code },
  ...{ perProcess: { cpu: 0.5, memoryMiB: 512, gpu: 0 }, arguments: [], environment: {}, token: 'secret-of-the-job', mounts: [], outputs: [] },
  ...given
});
const ended = (of: JobStart): Promise<Extract<JobObservation, { phase: 'ended' }>> =>
  waitFor(async () => {
    const seen = await runtime.observe(of);
    return seen.phase === 'ended' ? seen : undefined;
  });
const logOf = async (of: JobStart, part: string): Promise<string> => (await runtime.readLog(of, { part, offset: 0, limitBytes: 100_000 })).text;

test('Ray is offered where a Python of the jobs has it', async () => {
  expect(existsSync(withRay)).toBe(true);
  expect(await runtime.launchers?.('alpha')).toEqual(['python', 'torchrun', 'mpi', 'ray']);
  expect(await create([bare]).launchers?.('alpha')).toEqual(['python', 'torchrun', 'mpi']);
});

describe('job-runtime-local with Ray', () => {
  test('the processes of a gang share one Ray: a task of one reads what another put into the store', async () => {
    const code = [
      'import os, ray, time',
      'ray.init(log_to_driver=False)',
      "@ray.remote(name='box', lifetime='detached', namespace='shared', num_cpus=0)",
      'class Box:',
      '    def __init__(self): self.value = None',
      '    def put(self, value): self.value = value',
      '    def get(self): return self.value',
      "if os.environ['RANK'] == '0':",
      "    box = Box.options(namespace='shared').remote()",
      "    ray.get(box.put.remote('from rank 0'))",
      '    while ray.get(box.get.remote()) != "from rank 1": time.sleep(0.1)',
      "    print('done')",
      'else:',
      '    while True:',
      '        try:',
      "            box = ray.get_actor('box', namespace='shared'); break",
      '        except ValueError: time.sleep(0.1)',
      '    while ray.get(box.get.remote()) != "from rank 0": time.sleep(0.1)',
      "    ray.get(box.put.remote('from rank 1'))",
      "    print('done')"
    ].join('\n');
    const asked = job(code, { processes: 2 });
    await runtime.start(asked);
    expect([await ended(asked), await logOf(asked, '0'), await logOf(asked, '1')]).toMatchObject([
      { end: 'exited', exitCode: 0 },
      expect.stringMatching(/done\n$/),
      expect.stringMatching(/done\n$/)
    ]);
  });

  test('it is said which process failed, and the gang ends with it', async () => {
    const asked = job("import os, sys, time\nif os.environ['RANK'] == '1': sys.exit(3)\ntime.sleep(600)", { processes: 2 });
    await runtime.start(asked);
    expect(await ended(asked)).toMatchObject({ end: 'exited', exitCode: 3, failedRank: 1 });
  });

  test('a cancel asks first, and leaves no process behind', async () => {
    const asked = job("import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: (print('bye'), sys.exit(0)))\nprint('ready')\ntime.sleep(600)");
    await runtime.start(asked);
    await waitFor(async () => (await logOf(asked, '0')) === 'ready\n' || undefined, 120_000);
    await runtime.cancel(asked, { graceMs: 60_000 });
    expect([(await ended(asked)).end, await logOf(asked, '0')]).toEqual(['cancelled', 'ready\nbye\n']);
    expect(processesOf(asked.jobId)).toEqual([]);
  });
});

test('a job for Ray is refused in plain words where there is none', async () => {
  const asked = job('print(1)');
  await create([bare]).start(asked);
  expect(await ended(asked)).toMatchObject({ end: 'not-started', message: expect.stringContaining('Ray is not installed') });
});

function processesOf(jobId: string): readonly string[] {
  return readdirSync('/proc').filter(name => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').includes(`STRATALAB_JOB_ID=${jobId}`);
    } catch {
      return false;
    }
  });
}
