import type { JobAttempt, JobObservation, JobRuntime, JobStart } from '../ports/job-runtime.ts';
import type { ConformanceTools } from './object-store.ts';

export interface JobRuntimeTools extends ConformanceTools {
  /** Polls until the check answers something. */
  readonly waitFor: <T>(check: () => Promise<T | undefined>) => Promise<T>;
  /** A new id as the platform issues it. */
  readonly newId: () => string;
  /** Another handle on the same runtime, as a platform that was started again has it. */
  readonly restarted: () => JobRuntime;
}

type Ended = Extract<JobObservation, { phase: 'ended' }>;

/** What every job runtime must hold. The jobs are small Python programs. */
export function describeJobRuntime(runtime: () => JobRuntime, tools: JobRuntimeTools): void {
  const jobs = createJobs(runtime, tools);
  describeRunning(jobs, tools);
  describeEnding(jobs, tools);
  describeSurroundings(jobs, tools);
}

interface Jobs {
  readonly runtime: () => JobRuntime;
  readonly request: (code: string, given?: Partial<JobStart>) => JobStart;
  readonly ended: (attempt: JobAttempt) => Promise<Ended>;
  readonly running: (attempt: JobAttempt) => Promise<JobObservation>;
  readonly logOf: (job: JobAttempt, part?: string) => Promise<string>;
  readonly printed: (job: JobAttempt, text: string) => Promise<true>;
}

function createJobs(runtime: () => JobRuntime, { waitFor, newId }: JobRuntimeTools): Jobs {
  const request = (code: string, given: Partial<JobStart> = {}): JobStart => ({
    tenant: 'alpha',
    jobId: newId(),
    attempt: 1,
    launcher: 'python',
    processes: 1,
    perProcess: { cpu: 0.5, memoryMiB: 512, gpu: 0 },
    gpuDevices: [],
    fileName: 'main.py',
    code,
    arguments: [],
    environment: {},
    token: 'secret-of-the-job',
    mounts: [],
    outputs: [],
    ...given
  });
  const ended = (attempt: JobAttempt): Promise<Ended> =>
    waitFor(async () => {
      const seen = await runtime().observe(attempt);
      return seen.phase === 'ended' ? seen : undefined;
    });
  const running = (attempt: JobAttempt): Promise<JobObservation> =>
    waitFor(async () => {
      const seen = await runtime().observe(attempt);
      return seen.phase === 'running' ? seen : undefined;
    });
  const logOf = async (job: JobAttempt, part = '0'): Promise<string> => (await runtime().readLog(job, { part, offset: 0, limitBytes: 100_000 })).text;
  const printed = (job: JobAttempt, text: string): Promise<true> => waitFor(async () => ((await logOf(job)).includes(text) ? true : undefined));
  return { runtime, request, ended, running, logOf, printed };
}

function describeRunning({ runtime, request, ended, logOf }: Jobs, { test, equal, rejects, restarted }: JobRuntimeTools): void {
  test('every process of a gang knows its rank and has its own log', async () => {
    const job = request("import os\nprint(os.environ['RANK'], os.environ['WORLD_SIZE'], os.environ['MASTER_PORT'] != '')", { processes: 2 });
    equal(await runtime().observe(job), { phase: 'absent' });
    await runtime().start(job);
    const { end, exitCode } = await ended(job);
    equal([end, exitCode], ['exited', 0]);
    equal([await logOf(job, '0'), await logOf(job, '1')], ['0 2 True\n', '1 2 True\n']);
    await runtime().remove(job);
    equal(await runtime().observe(job), { phase: 'absent' });
  });

  test('P2 a second start, at once or after the end, runs nothing again', async () => {
    const job = request("import os\nopen('ran', 'a').write('x')\nprint(len(open('ran').read()))");
    await Promise.all([runtime().start(job), runtime().start(job), restarted().start(job)]);
    await ended(job);
    await runtime().start(job);
    equal(await logOf(job), '1\n');
    await runtime().remove(job);
  });

  test('the log is read by byte offset and never cut inside a character', async () => {
    const job = request("print('é' * 2000)");
    await runtime().start(job);
    await ended(job);
    const first = await runtime().readLog(job, { part: '0', offset: 0, limitBytes: 1001 });
    equal([first.nextOffset, first.text, first.isAtEnd], [1000, 'é'.repeat(500), false]);
    const rest = await runtime().readLog(job, { part: '0', offset: first.nextOffset, limitBytes: 100_000 });
    equal([rest.text, rest.isAtEnd], [`${'é'.repeat(1500)}\n`, true]);
    equal(await runtime().readLog(job, { part: '0', offset: rest.nextOffset, limitBytes: 1024 }), { text: '', nextOffset: rest.nextOffset, isAtEnd: true });
    await rejects(runtime().readLog(job, { part: '0', offset: 1_000_000, limitBytes: 1024 }), 'range-not-satisfiable');
    await runtime().remove(job);
  });
}

function describeEnding({ runtime, request, ended, running, logOf, printed }: Jobs, { test, equal, restarted }: JobRuntimeTools): void {
  test('when one process fails the gang ends, and it is said which one', async () => {
    const job = request("import os, sys, time\nif os.environ['RANK'] == '1': sys.exit(3)\ntime.sleep(600)", { processes: 2 });
    await runtime().start(job);
    const { end, exitCode, failedRank } = await ended(job);
    equal([end, exitCode, failedRank], ['exited', 3, 1]);
    await runtime().remove(job);
  });

  test('cancel asks first: a job that listens ends by itself', async () => {
    const job = request("import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: (print('bye'), sys.exit(0)))\nprint('ready')\ntime.sleep(600)");
    await runtime().start(job);
    await printed(job, 'ready');
    await runtime().cancel(job, { graceMs: 60_000 });
    await restarted().cancel(job, { graceMs: 60_000 });
    equal((await ended(job)).end, 'cancelled');
    equal(await logOf(job), 'ready\nbye\n');
    await runtime().remove(job);
  });

  test('cancel kills, after the grace time, what does not listen, with everything it started', async () => {
    const job = request(
      "import signal, subprocess, sys, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)\nprint('ready')\ntime.sleep(600)"
    );
    await runtime().start(job);
    await printed(job, 'ready');
    await runtime().cancel(job, { graceMs: 100 });
    equal((await ended(job)).end, 'cancelled');
    await runtime().remove(job);
  });

  test('a deadline ends it', async () => {
    const job = request('import time\ntime.sleep(600)', { deadlineSeconds: 1 });
    await runtime().start(job);
    equal((await ended(job)).end, 'deadline');
    await runtime().remove(job);
  });

  test('a runtime that was started again finds what runs', async () => {
    const job = request('import time\ntime.sleep(600)');
    await runtime().start(job);
    await running(job);
    equal((await restarted().observe(job)).phase, 'running');
    await restarted().cancel(job, { graceMs: 0 });
    await ended(job);
    await runtime().remove(job);
  });
}

function describeSurroundings({ runtime, request, ended, logOf }: Jobs, { test, equal, rejects, restarted, newId }: JobRuntimeTools): void {
  test('a second attempt goes on in the same log and finds its checkpoints', async () => {
    const code = "import os, sys\npath = os.environ['CHECKPOINT_DIR'] + '/step'\nprint(os.path.exists(path))\nopen(path, 'w').close()\nsys.exit(1)";
    const job = request(code);
    await runtime().start(job);
    await ended(job);
    const again = { ...job, attempt: 2 };
    await runtime().start(again);
    await ended(again);
    equal(await logOf(job), 'False\n\n--- attempt 2 ---\nTrue\n');
    await runtime().remove(job);
  });

  test('T71 the job gets its token by a private file and nothing of the environment of the platform', async () => {
    const job = request("import os\npath = os.environ['STRATALAB_TOKEN_FILE']\nprint(open(path).read(), oct(os.stat(path).st_mode & 0o777), os.environ.get('STRATALAB_CANARY'))", {
      environment: { GREETING: 'hello' }
    });
    await runtime().start(job);
    await ended(job);
    equal(await logOf(job), 'secret-of-the-job 0o600 None\n');
    await runtime().remove(job);
  });

  test('T41 names and arguments never meet a shell', async () => {
    const hostile = ['$(touch x)', ';touch x', '-c', 'a\nb', "'"];
    const job = request('import sys, os\nprint(sys.argv[1:], os.path.exists("x"))', { arguments: hostile });
    await runtime().start(job);
    await ended(job);
    equal(await logOf(job), "['$(touch x)', ';touch x', '-c', 'a\\nb', \"'\"] False\n");
    await runtime().remove(job);
  });

  test('outputs are moved once, and a link in the place of one is refused', async () => {
    const code =
      "import os\nopen(os.environ['STRATALAB_OUTPUTS'] + '/good/a.csv', 'w').write('x\\n1\\n')\nos.rmdir(os.environ['STRATALAB_OUTPUTS'] + '/evil')\nos.symlink('/etc', os.environ['STRATALAB_OUTPUTS'] + '/evil')";
    const job = request(code, { outputs: ['good', 'evil', 'empty'] });
    await runtime().start(job);
    await ended(job);
    const stagingId = newId();
    equal(await runtime().stageOutput(job, { name: 'good', stagingId }), true);
    equal(await restarted().stageOutput(job, { name: 'good', stagingId }), true);
    equal(await runtime().stageOutput(job, { name: 'empty', stagingId: newId() }), false);
    await rejects(runtime().stageOutput(job, { name: 'evil', stagingId: newId() }), 'invalid-input');
    await runtime().remove(job);
  });

  test('a process that asks for more memory than it may have fails, and the machine does not', async () => {
    const job = request("try:\n    b = bytearray(1024 * 1024 * 1024)\n    print('got it')\nexcept MemoryError:\n    print('refused')");
    await runtime().start(job);
    await ended(job);
    equal(await logOf(job), 'refused\n');
    await runtime().remove(job);
  });
}
