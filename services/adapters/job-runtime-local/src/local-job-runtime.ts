import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { askedOnce, plainLaunchers, type JobCapacity, type JobRuntime } from '@stratalab/kernel';
import { readWritten, writeWhole } from './files.ts';
import { observeAttempt } from './observe.ts';
import { jobPaths } from './paths.ts';
import { pythonWithRay } from './programs.ts';
import { readLogFile } from './read-log.ts';
import { probeSandbox, type Sandbox } from './sandbox.ts';
import { stageOutputFolder } from './stage-output.ts';
import { startAttempt } from './start-attempt.ts';

export interface LocalJobRuntimeOptions {
  /** Absolute; its links resolved. */
  readonly dataFolder: string;
  /** Interpreters for jobs, the platform's own first; torchrun takes the first that has PyTorch. */
  readonly pythons: readonly string[];
  /** Folders whose Python packages every job can import, such as `stratalab`. */
  readonly pythonPath?: readonly string[];
  /** What all jobs of this machine together may use. */
  readonly capacity: JobCapacity;
  /** `off`: jobs see all files of their user; for machines without user namespaces found by itself. */
  readonly isSandboxed?: boolean;
}

/** Jobs as process groups of this machine, each under a small supervision of its own that outlives the platform. */
export function createLocalJobRuntime(options: LocalJobRuntimeOptions): JobRuntime {
  const { dataFolder, pythons, pythonPath = [] } = options;
  const sandbox = askedOnce<Sandbox>(async () => (options.isSandboxed === false ? 'none' : probeSandbox()));
  let hasRay = false;
  return {
    capacity: async () => options.capacity,
    async launchers() {
      // Looked for each time until it is there: whoever installs Ray need not start the platform again.
      hasRay ||= (await pythonWithRay(pythons)) !== undefined;
      return hasRay ? [...plainLaunchers, 'ray'] : plainLaunchers;
    },
    async start(request) {
      const folder = jobPaths(dataFolder, request).attempt(request.attempt);
      const known = await observeAttempt(folder);
      if (known.phase === 'running' || known.phase === 'ended') return;
      await startAttempt({ dataFolder, pythons, pythonPath, sandbox: await sandbox() }, request);
    },
    observe: async attempt => observeAttempt(jobPaths(dataFolder, attempt).attempt(attempt.attempt)),
    async cancel(attempt, { graceMs }) {
      const folder = jobPaths(dataFolder, attempt).attempt(attempt.attempt);
      if ((await observeAttempt(folder)).phase === 'ended') return;
      if ((await readWritten(join(folder, 'cancel'))) === undefined) await writeWhole(join(folder, 'cancel'), JSON.stringify({ graceMs }));
    },
    async readLog(job, request) {
      const paths = jobPaths(dataFolder, job);
      return readLogFile(paths.logs, paths.log(request.part), request);
    },
    stageOutput: async (attempt, output) => stageOutputFolder(jobPaths(dataFolder, attempt), output),
    async tidy(attempt) {
      const paths = jobPaths(dataFolder, attempt);
      const folder = paths.attempt(attempt.attempt);
      const { phase } = await observeAttempt(folder);
      // Where no supervision came the request goes too: one that comes late finds nothing to run.
      if (phase === 'starting' || phase === 'running') return;
      await rm(paths.home, { recursive: true, force: true });
      await rm(join(folder, 'request.json'), { force: true });
    },
    async remove(job) {
      const paths = jobPaths(dataFolder, job);
      const attempts = await readdir(join(paths.job, 'attempts')).catch((): string[] => []);
      for (const name of attempts) {
        const folder = paths.attempt(Number(name));
        const { phase } = await observeAttempt(folder);
        if (phase === 'ended' || phase === 'absent') continue;
        await writeWhole(join(folder, 'cancel'), JSON.stringify({ graceMs: 0 }));
        return false;
      }
      await rm(paths.job, { recursive: true, force: true });
      return true;
    }
  };
}
