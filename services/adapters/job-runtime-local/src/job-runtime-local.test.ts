import { afterAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeJobRuntime } from '@stratalab/kernel/conformance/job-runtime';
import { newId, type JobStart } from '@stratalab/kernel';
import { waitFor } from '@stratalab/tooling';
import { createLocalJobRuntime } from './index.ts';
import { incompleteTail } from './read-log.ts';
import { isRunning, type RunnerIdentity } from './runner-identity.ts';

const venv = process.env['STRATALAB_VENV'] ?? fileURLToPath(new URL('../../../../.venv', import.meta.url));
const pythons = [join(venv, 'bin/python'), '/usr/bin/python3'];
const dataFolder = realpathSync(mkdtempSync(join(tmpdir(), 'stratalab-jobs-')));
const create = (isSandboxed = true) => createLocalJobRuntime({ dataFolder, pythons, capacity: { cpu: 2, memoryMiB: 4096, gpu: 0 }, isSandboxed });
const runtime = create();
process.env['STRATALAB_CANARY'] = 'of the platform';

const request = (code: string, given: Partial<JobStart> = {}): JobStart => ({
  ...{ tenant: 'alpha', jobId: newId(), attempt: 1, launcher: 'python', processes: 1, gpuDevices: [], fileName: 'main.py', code },
  ...{ perProcess: { cpu: 1, memoryMiB: 2048, gpu: 0 }, arguments: [], environment: {}, token: 't', mounts: [], outputs: [] },
  ...given
});
const run = async (job: JobStart, used = runtime): Promise<{ exitCode: number | undefined; end: string; message: string | undefined }> => {
  await used.start(job);
  return waitFor(async () => {
    const seen = await used.observe(job);
    return seen.phase === 'ended' ? { exitCode: seen.exitCode, end: seen.end, message: seen.message } : undefined;
  });
};
const logOf = async (job: JobStart, part = '0'): Promise<string> => (await runtime.readLog(job, { part, offset: 0, limitBytes: 100_000 })).text;

afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

for (const isSandboxed of [true, false]) {
  describe(`job-runtime-local ${isSandboxed ? 'in the sandbox' : 'without one'}`, () => {
    describeJobRuntime(() => create(isSandboxed), {
      test: (name, work) => void test(name, work),
      equal: (actual, expected) => expect(actual).toEqual(expected),
      rejects: (work, code) => expect(work).rejects.toMatchObject({ code }),
      waitFor: check => waitFor(check),
      newId,
      restarted: () => create(isSandboxed)
    });
  });
}

test('code imports the packages of the installation, and its own before them', async () => {
  const packages = join(dataFolder, 'packages');
  mkdirSync(packages);
  writeFileSync(join(packages, 'offered.py'), 'words = "from the installation"');
  const offering = createLocalJobRuntime({ dataFolder, pythons, pythonPath: [packages], capacity: { cpu: 2, memoryMiB: 4096, gpu: 0 }, isSandboxed: false });
  const job = request('import offered, os\nprint(offered.words, os.environ["PYTHONPATH"].split(":")[0])', { environment: { PYTHONPATH: '/own' } });
  expect(await run(job, offering)).toMatchObject({ exitCode: 0 });
  expect(await logOf(job)).toBe('from the installation /own\n');
});

describe('launchers', () => {
  test('two MPI processes sum over each other', async () => {
    const job = request("from mpi4py import MPI\nimport os\nc = MPI.COMM_WORLD\nprint(c.Get_rank(), os.environ['RANK'], c.allreduce(c.Get_rank() + 1))", {
      launcher: 'mpi',
      processes: 2
    });
    expect([await run(job), await logOf(job, 'launcher')]).toMatchObject([{ end: 'exited', exitCode: 0 }, '']);
    expect([await logOf(job, '0'), await logOf(job, '1')]).toEqual(['0 0 3\n', '1 1 3\n']);
  });

  test('two torchrun processes train one model together', async () => {
    const code = [
      'import torch, torch.distributed as dist',
      'from torch.nn.parallel import DistributedDataParallel',
      "dist.init_process_group('gloo')",
      'torch.manual_seed(0)',
      'model = DistributedDataParallel(torch.nn.Linear(4, 1))',
      'optimiser = torch.optim.SGD(model.parameters(), lr=0.1)',
      'torch.manual_seed(dist.get_rank())',
      'for step in range(5):',
      '    loss = model(torch.randn(8, 4)).pow(2).mean()',
      '    optimiser.zero_grad(); loss.backward(); optimiser.step()',
      'weight = model.module.weight.detach().clone()',
      'others = weight.clone(); dist.all_reduce(others)',
      'print(dist.get_rank(), dist.get_world_size(), torch.allclose(others, weight * 2))',
      'dist.destroy_process_group()'
    ].join('\n');
    const job = request(code, { launcher: 'torchrun', processes: 2 });
    const result = await run(job);
    expect([result, await logOf(job, 'launcher')]).toMatchObject([{ end: 'exited', exitCode: 0 }, expect.anything()]);
    expect([await logOf(job, '0'), await logOf(job, '1')]).toEqual(['0 2 True\n', '1 2 True\n']);
  });

  test('a process of an MPI gang that fails ends the gang', async () => {
    const job = request('from mpi4py import MPI\nimport os, time\nif MPI.COMM_WORLD.Get_rank() == 1: os._exit(5)\ntime.sleep(600)', { launcher: 'mpi', processes: 2 });
    expect(await run(job)).toMatchObject({ end: 'exited', exitCode: 5 });
  });

  test('torchrun without PyTorch is refused in plain words and nothing is started', async () => {
    const bare = createLocalJobRuntime({ dataFolder, pythons: pythons.slice(0, 1), capacity: { cpu: 2, memoryMiB: 4096, gpu: 0 } });
    const job = request('print(1)', { launcher: 'torchrun' });
    expect(await run(job, bare)).toMatchObject({ end: 'not-started', message: expect.stringContaining('PyTorch is not installed') });
  });
});

describe('the sandbox of a job', () => {
  test('T16 T55 it sees its mounts, its home and nothing else of the data folder, and writes only its home', async () => {
    const published = join(dataFolder, 'tenants/alpha/objects/datasets/one');
    for (const folder of [published, join(dataFolder, 'tenants/alpha-2/objects/x'), join(dataFolder, 'tenants/alpha/staging'), join(dataFolder, 'secrets')])
      mkdirSync(folder, { recursive: true });
    for (const file of [join(published, 'a.csv'), join(dataFolder, 'tenants/alpha-2/objects/x/a.csv'), join(dataFolder, 'secrets/key')]) writeFileSync(file, 'x\n');
    const code = [
      'import os',
      "print(open('datasets/one@1/a.csv').read().strip())",
      `data = ${JSON.stringify(dataFolder)}`,
      "print(sorted(os.listdir(data)), sorted(os.listdir(data + '/tenants')), sorted(os.listdir(data + '/tenants/alpha')), len(os.listdir(data + '/tenants/alpha/jobs')))",
      'def attempt(path):',
      '    try:',
      "        open(path, 'a').write('y'); return 'written'",
      '    except OSError as error: return error.strerror',
      "print(attempt('datasets/one@1/a.csv'), attempt('datasets/one@1/new'), attempt(data + '/new'), attempt('mine'))",
      "print(os.system('umount ' + data + ' 2>/dev/null') != 0, os.system('unshare -Urm umount ' + data + ' 2>/dev/null') != 0)"
    ].join('\n');
    const job = request(code, { mounts: [{ mountName: 'one@1', path: published }] });
    expect(await run(job)).toMatchObject({ exitCode: 0 });
    expect((await logOf(job)).trim().split('\n')).toEqual([
      'x',
      "['tenants'] ['alpha'] ['jobs', 'objects'] 1",
      'Read-only file system Read-only file system Read-only file system written',
      'True True'
    ]);
    expect(readFileSync(join(published, 'a.csv'), 'utf8')).toBe('x\n');
  });

  test('T63 it cannot read the environment of a process outside', async () => {
    const job = request(`import os\ntry:\n    print(open('/proc/${process.pid}/environ').read()[:3])\nexcept OSError as error: print('refused')`);
    await run(job);
    expect(await logOf(job)).toBe('refused\n');
  });

  test('a log that was replaced by a link is not read', async () => {
    const job = request("import os, glob\nlog = os.readlink('/proc/self/fd/1')\nos.unlink(log)\nos.symlink('/etc/passwd', log)");
    await run(job);
    expect(await logOf(job)).toBe('');
  });

  test('folders of the home that were replaced by links are made anew for the next attempt, and nothing outside is touched', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'stratalab-outside-'));
    const job = request(`import os, shutil\nfor name in ('outputs', 'datasets'):\n    shutil.rmtree(name)\n    os.symlink(${JSON.stringify(outside)}, name)`, { outputs: ['one'] });
    await run(job);
    await expect(runtime.stageOutput(job, { name: 'one', stagingId: newId() })).resolves.toBe(false);
    await run({ ...job, attempt: 2, code: 'print(1)' });
    expect(readdirSync(outside)).toEqual([]);
    rmSync(outside, { recursive: true });
  });
});

describe('supervision', () => {
  test('F01 when it is killed its processes die with it and the attempt is lost, not forgotten', async () => {
    const job = request("import os, time\nprint('ready')\ntime.sleep(600)");
    await runtime.start(job);
    await waitFor(async () => (await logOf(job)) === 'ready\n');
    const identity = supervisionOf(job);
    expect(await isRunning(identity)).toBe(true);
    process.kill(identity.pid, 'SIGKILL');
    expect(
      await waitFor(async () => {
        const seen = await runtime.observe(job);
        return seen.phase === 'ended' ? seen : undefined;
      })
    ).toMatchObject({ end: 'lost' });
    await waitFor(() => !processesOf(job.jobId));
  });

  test('what an attempt without supervision left behind is gone before the next one begins', async () => {
    const used = create(false);
    const job = request("import subprocess, time\nsubprocess.Popen(['sleep', '600'], start_new_session=True)\nprint('ready')\ntime.sleep(600)");
    await used.start(job);
    await waitFor(async () => (await logOf(job)) === 'ready\n');
    process.kill(supervisionOf(job).pid, 'SIGKILL');
    await waitFor(async () => (await used.observe(job)).phase === 'ended');
    const code = [
      'import os',
      'def is_of_job(pid):',
      '    try:',
      "        return os.environ['STRATALAB_JOB_ID'].encode() in open(f'/proc/{pid}/environ', 'rb').read()",
      '    except OSError: return False',
      "print([pid for pid in os.listdir('/proc') if pid.isdigit() and int(pid) != os.getpid() and is_of_job(pid)])"
    ].join('\n');
    expect(await run({ ...job, attempt: 2, code }, used)).toMatchObject({ exitCode: 0 });
    expect(await logOf(job)).toBe('ready\n\n--- attempt 2 ---\n[]\n');
  });

  test.each([true, false])('the end is told when no process of the job is left (sandbox: %s)', async isSandboxed => {
    const used = create(isSandboxed);
    const job = request("import subprocess, time\nfor _ in range(40): subprocess.Popen(['sleep', '600'], start_new_session=True)\nprint('ready')\ntime.sleep(600)");
    await used.start(job);
    await waitFor(async () => (await logOf(job)) === 'ready\n');
    await used.cancel(job, { graceMs: 0 });
    await waitFor(async () => (await used.observe(job)).phase === 'ended');
    expect(processesOf(job.jobId)).toBe(false);
  });

  test('a number that another process has now is not taken for the supervision', async () => {
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    expect(await isRunning({ pid: process.pid, startTicks: 1, bootId })).toBe(false);
  });

  test('a job that was tidied keeps its logs and loses its token', async () => {
    const job = request('print(1)');
    await run(job);
    await runtime.tidy(job);
    const folder = join(dataFolder, 'tenants/alpha/jobs', job.jobId);
    expect([existsSync(join(folder, 'home')), existsSync(join(folder, 'attempts/1/request.json')), await logOf(job)]).toEqual([false, false, '1\n']);
    expect(await runtime.observe(job)).toMatchObject({ phase: 'ended', exitCode: 0 });
  });
});

test('the request of an attempt whose supervision did not come goes with the rest: one that comes late runs nothing', async () => {
  const job = request('print(1)');
  const folder = join(dataFolder, 'tenants/alpha/jobs', job.jobId, 'attempts/1');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'request.json'), '{}');
  utimesSync(join(folder, 'request.json'), 0, 0);
  expect(await runtime.observe(job)).toEqual({ phase: 'absent' });
  await runtime.tidy(job);
  expect(existsSync(join(folder, 'request.json'))).toBe(false);
});

test('an unfinished character at the end is recognised', () => {
  const bytes = Buffer.from('aé€😀');
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(length => incompleteTail(bytes.subarray(0, length)))).toEqual([0, 1, 0, 1, 2, 0, 1, 2, 3, 0]);
});

test('paths lead nowhere else', async () => {
  await expect(runtime.observe({ tenant: '../x', jobId: newId(), attempt: 1 })).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(runtime.readLog({ tenant: 'alpha', jobId: newId() }, { part: '../../x', offset: 0, limitBytes: 10 })).rejects.toMatchObject({ code: 'invalid-request' });
});

function supervisionOf(job: JobStart): RunnerIdentity {
  return JSON.parse(readFileSync(join(dataFolder, 'tenants/alpha/jobs', job.jobId, 'attempts/1/runner.json'), 'utf8'));
}

function processesOf(jobId: string): boolean {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .some(name => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'utf8').includes(`STRATALAB_JOB_ID=${jobId}`);
      } catch {
        return false;
      }
    });
}
