import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ComputePorts } from '@stratalab/compute';
import { createLocalJobRuntime } from '@stratalab/job-runtime-local';
import type { PlatformConfig } from '../config.ts';
import { detectMachine } from './machine.ts';

/** The package `stratalab`: `progress()` for jobs, the same as in workspaces. */
const pythonPackage = fileURLToPath(new URL('../../../../extensions/python/src', import.meta.url));

/** Jobs on this machine: all of its cores, memory and GPUs are slots; torchrun may use Debian's own Python where that has PyTorch. */
export function composeJobs(config: PlatformConfig): ComputePorts {
  const { cpuCount, memoryMiB, gpuCount } = detectMachine();
  const origin = config.STRATALAB_ORIGIN === '' ? new URL(config.JUPYTERHUB_SERVICE_URL).origin : config.STRATALAB_ORIGIN;
  return {
    platformUrl: `${origin}${config.JUPYTERHUB_SERVICE_PREFIX.replace(/\/$/, '')}`,
    runtime: createLocalJobRuntime({
      dataFolder: realpathSync(config.STRATALAB_DATA),
      pythons: [join(config.STRATALAB_VENV, 'bin/python'), '/usr/bin/python3'],
      pythonPath: [pythonPackage],
      capacity: { cpu: cpuCount, memoryMiB, gpu: gpuCount }
    })
  };
}
