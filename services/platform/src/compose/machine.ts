import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { Machine } from '@stratalab/control';

/** Cores, memory and GPUs of this machine; GPUs are counted by their device files, without a driver library. */
export function detectMachine(): Machine {
  return { cpuCount: availableParallelism(), memoryMiB: Math.floor(totalmem() / 1024 / 1024), gpuCount: countGpus() };
}

function countGpus(): number {
  if (!existsSync('/dev')) return 0;
  return readdirSync('/dev').filter(name => /^nvidia\d+$/.test(name)).length;
}
