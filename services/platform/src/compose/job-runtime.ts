import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { ComputePorts } from '@stratalab/compute';
import { createLocalJobRuntime } from '@stratalab/job-runtime-local';
import { joinRuntimes } from '@stratalab/kernel';
import type { PlatformConfig } from '../config.ts';
import type { ConnectedCluster } from './cluster.ts';
import { detectMachine } from './machine.ts';
import { pythonPackage } from './python-package.ts';
import { composeRayHead } from './ray-head.ts';

/** Jobs where this installation runs them: as gangs of pods on its cluster, or as processes of this machine. */
export function composeJobs(config: PlatformConfig, cluster: ConnectedCluster | undefined): ComputePorts {
  const prefix = config.JUPYTERHUB_SERVICE_PREFIX.replace(/\/$/, '');
  if (cluster !== undefined) return { platformUrl: `${originForPods(config)}${prefix}`, runtime: cluster.runtime };
  return { platformUrl: `${originHere(config)}${prefix}`, runtime: jobsOnThisMachine(config) };
}

/** All of its cores, memory and GPUs are slots; torchrun may use Debian's own Python where that has PyTorch, and Ray jobs the cluster an operator named. */
function jobsOnThisMachine(config: PlatformConfig): ComputePorts['runtime'] {
  const { cpuCount, memoryMiB, gpuCount } = detectMachine();
  const python = join(config.STRATALAB_VENV, 'bin/python');
  const here = { dataFolder: realpathSync(config.STRATALAB_DATA), pythonPath: [pythonPackage], capacity: { cpu: cpuCount, memoryMiB, gpu: gpuCount } };
  const local = createLocalJobRuntime({ ...here, pythons: [python, '/usr/bin/python3'] });
  const ray = composeRayHead(config, { ...here, python });
  return ray === undefined ? local : joinRuntimes(local, ray);
}

function originHere(config: PlatformConfig): string {
  return config.STRATALAB_ORIGIN === '' ? new URL(config.JUPYTERHUB_SERVICE_URL).origin : config.STRATALAB_ORIGIN;
}

/** Loopback is the pod's own: pods need an address of this process, or of what stands before it. */
function originForPods(config: PlatformConfig): string {
  if (config.STRATALAB_JOB_ORIGIN !== '') return config.STRATALAB_JOB_ORIGIN.replace(/\/$/, '');
  return config.STRATALAB_JOB_LISTEN === '' ? originHere(config) : `http://${config.STRATALAB_JOB_LISTEN}`;
}
