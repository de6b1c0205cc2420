import { readFile } from 'node:fs/promises';
import { createRayClient, createRayHeadJobRuntime, type RayHeadOptions } from '@stratalab/job-runtime-ray';
import type { JobRuntime } from '@stratalab/kernel';
import type { PlatformConfig } from '../config.ts';

/** Jobs on the Ray cluster that an operator named, for the tenants named with it; undefined where none is named. */
export function composeRayHead(config: PlatformConfig, here: Pick<RayHeadOptions, 'dataFolder' | 'python' | 'pythonPath' | 'capacity'>): JobRuntime | undefined {
  if (config.STRATALAB_RAY_ADDRESS === '') return undefined;
  const tokenFile = config.STRATALAB_RAY_TOKEN_FILE;
  const tenants = new Set(config.STRATALAB_RAY_TENANTS.split(',').map(name => name.trim()));
  return createRayHeadJobRuntime({
    ...here,
    ...(config.STRATALAB_RAY_PYTHON === '' ? {} : { python: config.STRATALAB_RAY_PYTHON }),
    client: createRayClient({ address: config.STRATALAB_RAY_ADDRESS, ...(tokenFile === '' ? {} : { token: () => readFile(tokenFile, 'utf8') }) }),
    isAllowed: tenant => tenants.has('*') || tenants.has(tenant)
  });
}
