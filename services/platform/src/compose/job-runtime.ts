import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { ComputePorts } from '@stratalab/compute';
import { createLocalJobRuntime } from '@stratalab/job-runtime-local';
import type { PlatformConfig } from '../config.ts';
import { detectMachine } from './machine.ts';

/** Jobs on this machine: all of its cores, memory and GPUs are slots; torchrun may use Debian's own Python where that has PyTorch. */
export function composeJobs(config: PlatformConfig): ComputePorts {
  const { cpuCount, memoryMiB, gpuCount } = detectMachine();
  const origin = config.STRATALAB_ORIGIN === '' ? new URL(config.JUPYTERHUB_SERVICE_URL).origin : config.STRATALAB_ORIGIN;
  return {
    platformUrl: `${origin}${config.JUPYTERHUB_SERVICE_PREFIX.replace(/\/$/, '')}`,
    runtime: createLocalJobRuntime({
      dataFolder: realpathSync(config.STRATALAB_DATA),
      pythons: [join(config.STRATALAB_VENV, 'bin/python'), '/usr/bin/python3'],
      capacity: { cpu: cpuCount, memoryMiB, gpu: gpuCount }
    })
  };
}
