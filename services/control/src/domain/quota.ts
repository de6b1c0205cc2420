import { Problem } from '@stratalab/contracts';
import type { ResourceName } from '@stratalab/contracts/control';

/** Unit shown beside each number. */
export const units: Readonly<Record<ResourceName, string>> = {
  cpu: 'cores',
  'memory-mib': 'MiB',
  gpu: 'GPUs',
  'storage-mib': 'MiB',
  jobs: 'jobs',
  workspaces: 'workspaces',
  'tokens-per-day': 'tokens'
};

/** Limits of a new tenant; an administrator changes them per tenant. `null`: no limit. */
export function defaultLimits(machine: { readonly cpuCount: number; readonly memoryMiB: number; readonly gpuCount: number }): Readonly<Record<ResourceName, number | null>> {
  return {
    cpu: machine.cpuCount * 4,
    'memory-mib': machine.memoryMiB,
    gpu: machine.gpuCount,
    'storage-mib': 20 * 1024,
    jobs: 50,
    workspaces: 10,
    'tokens-per-day': 1_000_000
  };
}

const singularUnits: Readonly<Record<string, string>> = { cores: 'core', GPUs: 'GPU', jobs: 'job', workspaces: 'workspace', tokens: 'token' };
/** Sizes are counted in parts of a MiB; a sentence shows two decimals. */
const leastShown = 0.01;

function shown(amount: number): number {
  return amount > 0 ? Math.max(leastShown, Number(amount.toFixed(2))) : amount;
}

function withUnit(amount: number, unit: string): string {
  return `${shown(amount)} ${shown(amount) === 1 ? (singularUnits[unit] ?? unit) : unit}`;
}

export interface QuotaState {
  readonly resource: ResourceName;
  readonly limit: number | null;
  readonly used: number;
  readonly reserved: number;
}

/**
 * The admission rule: what is used, held and asked for together stays within the limit.
 * @throws quota-exceeded with limit, used (confirmed and held), requested and a hint
 */
export function admit(state: QuotaState, requested: number): void {
  if (state.limit === null || requested === 0) return;
  const taken = state.used + state.reserved;
  if (taken + requested <= state.limit) return;
  // Rounded down, so that what a refusal offers does fit.
  const free = Math.floor(Math.max(0, state.limit - taken) / leastShown) * leastShown;
  const unit = units[state.resource];
  throw new Problem('quota-exceeded', {
    resource: state.resource,
    limit: state.limit,
    used: taken,
    requested,
    detail: `This needs ${withUnit(requested, unit)}; ${shown(taken)} of ${shown(state.limit)} are in use.`,
    hint: free > 0 ? `Ask for at most ${withUnit(free, unit)}, or wait until something finishes.` : `Wait until something finishes, or ask an administrator for more ${unit}.`
  });
}
