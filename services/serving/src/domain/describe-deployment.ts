import type { DeploymentState, ReplicaPhase } from '@stratalab/contracts/serving';
import { failingAfterRestarts } from './plan-replicas.ts';

export interface DescribedReplica {
  readonly index: number;
  readonly phase: ReplicaPhase;
  readonly message: string;
  readonly restarts: number;
}

export interface Described {
  readonly isStopped: boolean;
  readonly wantedReplicas: number;
  readonly replicas: readonly DescribedReplica[];
}

/** State and plain sentence of a deployment, from its replicas. */
export function describeDeployment({ isStopped, wantedReplicas, replicas }: Described): {
  readonly state: DeploymentState;
  readonly message: string;
  readonly readyReplicas: number;
} {
  const ready = replicas.filter(replica => replica.phase === 'ready');
  const readyReplicas = ready.length;
  if (isStopped)
    return replicas.length === 0
      ? { state: 'stopped', message: 'Stopped. Nothing runs, no quota is used.', readyReplicas: 0 }
      : { state: 'stopping', message: 'Stopping: calls in flight are finished first.', readyReplicas };
  if (readyReplicas >= wantedReplicas) return { state: 'ready', message: `Ready: ${count(readyReplicas)} answer${readyReplicas === 1 ? 's' : ''}.`, readyReplicas };
  const trouble = replicas.find(replica => replica.phase === 'crashed') ?? replicas.find(replica => replica.phase !== 'ready');
  const reason = trouble === undefined ? 'the next replica is being made' : `replica ${trouble.index + 1} of ${wantedReplicas}: ${lowerFirst(trouble.message)}`;
  if (readyReplicas > 0) return { state: 'degraded', message: `${readyReplicas} of ${wantedReplicas} replicas answer; ${withoutDot(reason)}.`, readyReplicas };
  if (trouble?.phase === 'crashed' && trouble.restarts >= failingAfterRestarts)
    return { state: 'failed', message: `Failed: it ended ${trouble.restarts} times in a row. ${trouble.message} Its log says why; it is tried again by itself.`, readyReplicas };
  return { state: 'starting', message: `Starting; ${withoutDot(reason)}.`, readyReplicas };
}

function count(replicas: number): string {
  return replicas === 1 ? '1 replica' : `${replicas} replicas`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, '');
}
