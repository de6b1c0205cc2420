import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem } from '@stratalab/contracts';
import {
  askGangToEnd,
  gangRequestPath,
  hasGang,
  jobPaths,
  rayGangPrograms,
  readGangFiles,
  readLogFile,
  stageOutputFolder,
  writeGangRequest,
  type JobPaths
} from '@stratalab/job-runtime-local';
import type { JobAttempt, JobCapacity, JobObservation, JobRuntime, JobStart } from '@stratalab/kernel';
import { headObservationOf, isOver } from './head-observation.ts';
import type { RayClient } from './ray-client.ts';

export interface RayHeadOptions {
  readonly client: RayClient;
  /** Absolute; every node of the Ray cluster sees it at the same path, as the same user. */
  readonly dataFolder: string;
  /** Python with Ray, by its full path as the nodes see it. */
  readonly python: string;
  /** Folders whose Python packages every job can import. */
  readonly pythonPath?: readonly string[];
  readonly capacity: JobCapacity;
  /** Whether a tenant may use this cluster: its tasks see what the cluster's user sees. */
  readonly isAllowed: (tenant: string) => boolean;
}

const mib = 2 ** 20;
/** A driver that was asked and still says nothing this long after the grace time is stopped by its head. */
const patienceMs = 20_000;

/**
 * Jobs as gangs on a Ray cluster that is there already, through the Jobs interface of its head. A submission is found again by its id, which follows from the
 * attempt. Homes, logs and outputs lie where those of other jobs lie. Starts jobs whose launcher is `ray`, and no others.
 */
export function createRayHeadJobRuntime(options: RayHeadOptions): JobRuntime {
  const { client, dataFolder } = options;
  const observe = async (attempt: JobAttempt): Promise<JobObservation> => {
    const paths = jobPaths(dataFolder, attempt);
    const known = await client.read(submissionId(attempt));
    // A removed submission can come back in its head as over: the head writes down that a driver it still watched is gone.
    if (known !== undefined && isOver(known) && !(await isThere(paths.attempt(attempt.attempt)))) return { phase: 'absent' };
    return headObservationOf(known, await readGangFiles(paths, attempt.attempt));
  };
  return {
    capacity: async () => options.capacity,
    launchers: async tenant => (options.isAllowed(tenant) ? ['ray'] : []),
    async start(request) {
      if (request.launcher !== 'ray' || !options.isAllowed(request.tenant)) throw new Problem('invalid-request', { detail: 'This Ray cluster does not run this job.' });
      if ((await observe(request)).phase !== 'absent') return;
      await client.version();
      const paths = jobPaths(dataFolder, request);
      await prepare(options, request, paths);
      const entrypoint = [options.python, rayGangPrograms[0] ?? '', gangRequestPath(paths, request.attempt)].map(quoted).join(' ');
      await client.submit({ submissionId: submissionId(request), entrypoint, metadata: { tenant: request.tenant, job: request.jobId } });
    },
    observe,
    async cancel(attempt, { graceMs }) {
      const known = await client.read(submissionId(attempt));
      if (known === undefined || isOver(known)) return;
      const sinceMs = await askGangToEnd(jobPaths(dataFolder, attempt), attempt.attempt, { graceMs });
      if (known.status === 'PENDING' || sinceMs > graceMs + patienceMs) await client.stop(submissionId(attempt));
    },
    async readLog(job, request) {
      const paths = jobPaths(dataFolder, job);
      return readLogFile(paths.logs, paths.log(request.part), request);
    },
    stageOutput: async (attempt, output) => stageOutputFolder(jobPaths(dataFolder, attempt), output),
    async tidy(attempt) {
      if ((await observe(attempt)).phase !== 'ended') return;
      const paths = jobPaths(dataFolder, attempt);
      await rm(paths.home, { recursive: true, force: true });
      await rm(gangRequestPath(paths, attempt.attempt), { force: true });
    },
    async remove(job) {
      const paths = jobPaths(dataFolder, job);
      // A head that is away holds up nobody else's jobs.
      if (!(await hasGang(paths))) return true;
      const own = (await client.list()).filter(known => known.submissionId.startsWith(`stratalab-${job.jobId}-`));
      for (const known of own) await (isOver(known) ? client.remove(known.submissionId) : client.stop(known.submissionId));
      if (!own.every(isOver)) return false;
      await rm(paths.job, { recursive: true, force: true });
      return true;
    }
  };
}

function submissionId({ jobId, attempt }: JobAttempt): string {
  return `stratalab-${jobId}-${attempt}`;
}

async function isThere(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined)) !== undefined;
}

async function prepare(options: RayHeadOptions, request: JobStart, paths: JobPaths): Promise<void> {
  const { cpu, memoryMiB, gpu } = request.perProcess;
  for (const folder of [paths.home, paths.logs, paths.attempt(request.attempt)]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const pythonPath = [request.environment['PYTHONPATH'] ?? '', ...(options.pythonPath ?? [])].filter(folder => folder !== '');
  await writeGangRequest(request, paths, {
    programs: dirname(rayGangPrograms[0] ?? ''),
    bundle: { CPU: cpu, memory: memoryMiB * mib, ...(gpu === 0 ? {} : { GPU: gpu }) },
    strategy: 'PACK',
    environment: pythonPath.length === 0 ? {} : { PYTHONPATH: pythonPath.join(':') }
  });
}

/** The head gives the entrypoint to a shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
