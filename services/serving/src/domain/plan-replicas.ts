import type { ReplicaPhase } from '@stratalab/contracts/serving';

export interface PlannedReplica {
  readonly id: string;
  readonly index: number;
  readonly revision: number;
  readonly phase: ReplicaPhase;
}

export interface Wanted {
  /** 0 when the deployment is stopped or deleted. */
  readonly replicas: number;
  readonly revision: number;
}

/**
 * Compares what is with what is wanted: which replicas go (after their calls), which indexes get a new one.
 * Replicas of an older revision are replaced one at a time, so that the others keep answering.
 */
export function planReplicas(wanted: Wanted, replicas: readonly PlannedReplica[]): { readonly drain: readonly string[]; readonly create: readonly number[] } {
  const staying = replicas.filter(replica => replica.phase !== 'draining');
  const surplus = staying.filter(replica => replica.index >= wanted.replicas);
  const outdated = staying.filter(replica => replica.index < wanted.replicas && replica.revision !== wanted.revision);
  const silent = outdated.filter(replica => replica.phase !== 'ready');
  const isQuiet = replicas.every(replica => replica.phase === 'ready' || replica.index >= wanted.replicas);
  const next = silent.length === 0 && isQuiet ? outdated.slice(0, 1) : [];
  const taken = new Set(replicas.map(replica => replica.index));
  return {
    drain: [...surplus, ...silent, ...next].map(replica => replica.id),
    create: Array.from({ length: wanted.replicas }, (_unused, index) => index).filter(index => !taken.has(index))
  };
}

const firstPauseMs = 500;
const longestPauseMs = 60_000;

/** Pause before the next start after `restarts` crashes in a row: half a second, doubling to a minute. */
export function restartPauseMs(restarts: number): number {
  return Math.min(firstPauseMs * 2 ** Math.min(restarts, 20), longestPauseMs);
}

/** A replica that answered for this long has recovered: its crashes no longer count. */
export const recoveredAfterMs = 60_000;
/** From so many crashes in a row on the deployment is called failed; it is still tried again. */
export const failingAfterRestarts = 3;
