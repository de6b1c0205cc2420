import { Problem } from '@stratalab/contracts';
import type { JobInput, Launcher, OutputDeclaration, Resources } from '@stratalab/contracts/compute';
import { resourceKeys, times, words, type Amounts } from './amounts.ts';

export interface JobMount {
  readonly name: string;
  readonly version: string;
  readonly urn: string;
  readonly mountName: string;
}

/** What was asked for, with every default filled in; fixed for ever. */
export interface JobSpec {
  readonly code: { readonly kind: 'script' | 'cell'; readonly text: string; readonly fileName: string };
  readonly launcher: Launcher;
  readonly processes: number;
  readonly resourcesPerProcess: Resources;
  /** Absent in jobs of versions that knew no kinds. */
  readonly gpuKind?: string | null;
  readonly inputs: readonly JobMount[];
  readonly outputs: readonly OutputDeclaration[];
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly retries: number;
  readonly deadlineSeconds: number | null;
  readonly experiment: string | null;
}

/** An output as it is published: where it is staged, and what became of it. */
export interface JobOutput extends OutputDeclaration {
  readonly stagingId: string;
  readonly urn: string | null;
  readonly problem: string | null;
}

const defaultResources: Resources = { cpu: 1, memoryMiB: 1024, gpu: 0 };
const ownedNames = new Set(['HOME', 'PATH', 'RANK', 'LOCAL_RANK', 'WORLD_SIZE', 'MASTER_ADDR', 'MASTER_PORT', 'CHECKPOINT_DIR', 'CUDA_VISIBLE_DEVICES', 'TMPDIR', 'RAY_ADDRESS']);
const ownedPrefix = /^(STRATALAB_|MLFLOW_TRACKING_|LD_|OMPI_|PMIX_|PRTE_|RAY_AUTH_)/;

/** @throws invalid-request for variables the platform sets itself and for outputs that share a name */
export function specOf(input: JobInput, inputs: readonly JobMount[]): JobSpec {
  const environment = input.environment ?? {};
  const owned = Object.keys(environment).find(name => ownedNames.has(name) || ownedPrefix.test(name));
  if (owned !== undefined) throw new Problem('invalid-request', { detail: `The platform sets '${owned}' itself.`, hint: 'Use another name for this variable.' });
  const outputs = input.outputs ?? [];
  const twice = outputs.find((output, index) => outputs.findIndex(({ name }) => name === output.name) !== index);
  if (twice !== undefined) throw new Problem('invalid-request', { detail: `Two outputs are called '${twice.name}'.`, hint: 'Give each output its own name.' });
  return {
    code: { kind: input.code.kind, text: input.code.text, fileName: input.code.fileName ?? (input.code.kind === 'cell' ? 'cell.py' : 'main.py') },
    launcher: input.launcher ?? 'python',
    processes: input.processes ?? 1,
    resourcesPerProcess: input.resourcesPerProcess ?? defaultResources,
    gpuKind: input.gpuKind ?? null,
    inputs,
    outputs,
    arguments: input.arguments ?? [],
    environment,
    retries: input.retries ?? 0,
    deadlineSeconds: input.deadlineSeconds ?? null,
    experiment: input.experiment ?? null
  };
}

/** The input that makes the same job again, dataset versions included. */
export function inputOf(name: string, priority: number, spec: JobSpec): JobInput {
  return {
    name,
    priority,
    code: { ...spec.code },
    launcher: spec.launcher,
    processes: spec.processes,
    resourcesPerProcess: { ...spec.resourcesPerProcess },
    gpuKind: spec.gpuKind ?? null,
    datasets: spec.inputs.map(({ name: dataset, version }) => ({ name: dataset, version })),
    outputs: spec.outputs.map(output => ({ ...output })),
    arguments: [...spec.arguments],
    environment: { ...spec.environment },
    retries: spec.retries,
    deadlineSeconds: spec.deadlineSeconds,
    experiment: spec.experiment
  };
}

/** What the gang holds, in the names of the quotas. */
export function quotaAmounts(spec: Pick<JobSpec, 'resourcesPerProcess' | 'processes'>): { jobs: number; cpu: number; 'memory-mib': number; gpu: number } {
  const { cpu, memoryMiB, gpu } = times(spec.resourcesPerProcess, spec.processes);
  return { jobs: 1, cpu, 'memory-mib': memoryMiB, gpu };
}

const launcherNames: Readonly<Record<Launcher, string>> = { python: 'Python', torchrun: 'torchrun', mpi: 'MPI', ray: 'Ray' };
const launcherHints: Readonly<Partial<Record<Launcher, string>>> = {
  ray: 'Start it with plain Python, or ask an operator to install Ray for jobs or to name a Ray cluster.'
};

/** @throws invalid-request for a way to start processes that this installation does not have */
export function assertLauncherOffered({ launcher }: Pick<JobSpec, 'launcher'>, offered: readonly Launcher[]): void {
  if (offered.includes(launcher)) return;
  throw new Problem('invalid-request', {
    detail: `Jobs cannot be started by ${launcherNames[launcher]} here: this installation has no ${launcherNames[launcher]} for jobs.`,
    hint: launcherHints[launcher] ?? `Use one of: ${offered.map(name => launcherNames[name]).join(', ')}.`
  });
}

/** @throws invalid-request for a kind of GPU that is not there, or for one without a GPU */
export function assertGpuKindOffered({ gpuKind, resourcesPerProcess }: Pick<JobSpec, 'gpuKind' | 'resourcesPerProcess'>, offered: readonly string[]): void {
  if (gpuKind === undefined || gpuKind === null) return;
  if (!offered.includes(gpuKind)) {
    throw new Problem('invalid-request', {
      detail: `There is no kind of GPU called '${gpuKind}' here.`,
      hint: offered.length === 0 ? 'All GPUs are alike on this installation: leave the kind out.' : `Choose one of: ${offered.join(', ')}; or leave it out.`
    });
  }
  if (resourcesPerProcess.gpu === 0)
    throw new Problem('invalid-request', { detail: `The job names the kind of GPU '${gpuKind}' and asks for no GPU.`, hint: 'Ask for one or more GPUs for each process.' });
}

const quotaNames = { cpu: 'cpu', memoryMiB: 'memory-mib', gpu: 'gpu' } as const;

/** @throws quota-exceeded, with the numbers, for a job that this machine could not run even if nothing else ran */
export function assertFitsMachine(spec: JobSpec, capacity: Amounts): void {
  const needs = times(spec.resourcesPerProcess, spec.processes);
  const key = resourceKeys.find(candidate => needs[candidate] > capacity[candidate]);
  if (key === undefined) return;
  throw new Problem('quota-exceeded', {
    resource: quotaNames[key],
    limit: capacity[key],
    used: 0,
    requested: needs[key],
    detail: `This job needs ${words(key, needs[key])} for ${spec.processes === 1 ? 'its process' : `its ${spec.processes} processes`}; jobs here have ${words(key, capacity[key])} in all.`,
    hint: spec.processes === 1 ? `Ask for at most ${words(key, capacity[key])}.` : `Ask for fewer processes, or for less for each.`
  });
}

/** @throws quota-exceeded, with the numbers, for a job that could not run within a limit even if the tenant ran nothing else */
export function assertFitsQuotas(
  spec: JobSpec,
  quotas: readonly { readonly resource: string; readonly unit: string; readonly limit: number | null; readonly used: number; readonly reserved: number }[]
): void {
  const wanted: Readonly<Record<string, number>> = quotaAmounts(spec);
  for (const { resource, unit, limit, used, reserved } of quotas) {
    const requested = wanted[resource] ?? 0;
    if (limit === null || requested <= limit) continue;
    throw new Problem('quota-exceeded', {
      resource,
      limit,
      used: used + reserved,
      requested,
      detail: `This job needs ${requested} ${unit}; the limit of the tenant is ${limit} ${unit}.`,
      hint: limit > 0 ? `Ask for at most ${limit} ${unit}, or ask an administrator to raise the limit.` : 'Ask an administrator of this installation to raise the limit.'
    });
  }
}
