import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobStart } from '@stratalab/kernel';
import { writeWhole } from './files.ts';
import { jobPaths } from './paths.ts';
import { findPrograms, MissingProgram } from './programs.ts';
import { sandboxWords, type Sandbox } from './sandbox.ts';

const supervisor = fileURLToPath(new URL('../runner/supervise.py', import.meta.url));
const systemPath = '/usr/local/bin:/usr/bin:/bin';

export interface StartParts {
  readonly dataFolder: string;
  readonly pythons: readonly string[];
  readonly sandbox: Sandbox;
  /** Folders whose Python packages every job can import. */
  readonly pythonPath?: readonly string[];
}

/** Writes what the supervision needs to know and starts it, detached from this process. */
export async function startAttempt(parts: StartParts, request: JobStart): Promise<void> {
  const paths = jobPaths(parts.dataFolder, request);
  const folder = paths.attempt(request.attempt);
  for (const path of [paths.home, paths.logs, folder]) await mkdir(path, { recursive: true, mode: 0o700 });
  try {
    const programs = await findPrograms(request.launcher, parts.pythons);
    const { token, code, fileName, launcher, processes, mounts, outputs, tenant, jobId, attempt, deadlineSeconds } = request;
    const detail = {
      ...{ token, code, fileName, launcher, processes, mounts, outputs, tenant, jobId, attempt, deadlineSeconds },
      ...programs,
      arguments: request.arguments,
      ray: { cpus: request.processes * request.perProcess.cpu, gpus: request.gpuDevices.length },
      memoryMiB: request.perProcess.memoryMiB,
      environment: environmentOf(request, { home: paths.home, python: programs.python, venv: dirname(parts.pythons[0] ?? ''), pythonPath: parts.pythonPath ?? [] }),
      home: paths.home,
      logs: paths.logs,
      supervisorPython: parts.pythons[0],
      jail: sandboxWords(parts.sandbox, { data: parts.dataFolder, home: paths.home, logs: paths.logs, tenant })
    };
    await writeWhole(join(folder, 'request.json'), JSON.stringify(detail));
  } catch (error) {
    if (!(error instanceof MissingProgram)) throw error;
    await writeWhole(join(folder, 'result.json'), JSON.stringify({ end: 'not-started', message: error.message, endedAt: new Date().toISOString() }));
    return;
  }
  await spawnSupervisor(folder, parts.pythons[0] ?? 'python3');
}

async function spawnSupervisor(folder: string, python: string): Promise<void> {
  const log = await open(join(folder, 'supervisor.log'), 'a', 0o600);
  try {
    const child = spawn(python, ['-I', supervisor, folder], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      cwd: '/',
      env: { PATH: `${dirname(python)}:${systemPath}`, LANG: 'C.UTF-8' }
    });
    await once(child, 'spawn');
    child.unref();
  } finally {
    await log.close();
  }
}

interface Place {
  readonly home: string;
  readonly python: string;
  readonly venv: string;
  readonly pythonPath: readonly string[];
}

/** Nothing of this process's own environment reaches a job: it holds credentials of the platform. */
function environmentOf(request: JobStart, place: Place): Record<string, string> {
  return {
    LANG: 'C.UTF-8',
    USER: 'stratalab',
    PYTHONUNBUFFERED: '1',
    OMP_NUM_THREADS: String(Math.max(1, Math.floor(request.perProcess.cpu))),
    ...request.environment,
    PATH: [...new Set([dirname(place.python), place.venv, ...systemPath.split(':')])].join(':'),
    PYTHONPATH: [request.environment['PYTHONPATH'] ?? '', ...place.pythonPath].filter(folder => folder !== '').join(':'),
    HOME: place.home,
    CUDA_VISIBLE_DEVICES: request.gpuDevices.join(','),
    STRATALAB_TENANT: request.tenant,
    STRATALAB_JOB_ID: request.jobId,
    STRATALAB_TOKEN_FILE: join(place.home, '.stratalab', 'token'),
    STRATALAB_OUTPUTS: join(place.home, 'outputs'),
    CHECKPOINT_DIR: join(place.home, 'checkpoints')
  };
}
