import type { V1Pod } from '@kubernetes/client-node';
import type { JobAttempt } from '@stratalab/kernel';
import type { ClusterClient } from '../cluster-client.ts';
import { attemptName } from '../manifests/names.ts';
import type { PoolFacts } from '../pool/facts.ts';
import { roomFacts } from '../pool/space.ts';
import type { Site } from '../site.ts';
import type { PodGroupState, VolcanoJobState } from './cluster-objects.ts';
import { createTurns } from './turns.ts';
import { isWaiting, waitingReason } from './waiting.ts';

export interface WaitingReaderParts {
  readonly client: ClusterClient;
  readonly site: Site;
  readonly readJob: (attempt: JobAttempt) => Promise<VolcanoJobState | undefined>;
  readonly readPods: (attempt: JobAttempt) => Promise<readonly V1Pod[]>;
  readonly readPool: () => Promise<PoolFacts>;
}

const quietMs = 2_000;
/** A reason takes up to four calls. */
const limits = { perSecond: 5, burst: 20 };

/**
 * Why attempts wait, in the cluster's own reasons and plain words; undefined when one runs or nothing is known. With thousands that wait, asking for each of them
 * would be most of the API server's load: when it is not somebody's turn, the last answer still stands.
 */
export function createWaitingReader({ client, site, readJob, readPods, readPool }: WaitingReaderParts): (attempt: JobAttempt, last?: string) => Promise<string | undefined> {
  const takesTurn = createTurns(limits);
  return async (attempt, last) => {
    const name = attemptName(attempt);
    const job = await readJob(attempt);
    if (job === undefined || !isWaiting(job) || isNew(job)) return undefined;
    if (!takesTurn()) return last;
    const namespace = site.namespaceOf(attempt.tenant);
    const group = `${name}-${job.metadata?.uid ?? ''}`;
    const podGroup = await client.read<PodGroupState>({ apiVersion: 'scheduling.volcano.sh/v1beta1', kind: 'PodGroup', metadata: { name: group, namespace } });
    return waitingReason({
      job,
      podGroup,
      podGroupEvents: podGroup === undefined ? [] : await client.events(namespace, 'PodGroup', group),
      jobEvents: await client.events(namespace, 'Job', name),
      pods: await readPods(attempt),
      room: roomFacts(await readPool(), site.queueOf(attempt.tenant), podGroup)
    });
  };
}

/** Volcano has hardly looked at it: nobody knows of a reason yet, and most gangs are placed by then. A clock that is off makes nothing new. */
function isNew({ metadata }: VolcanoJobState): boolean {
  const ageMs = Date.now() - new Date(metadata?.creationTimestamp ?? 0).getTime();
  return ageMs >= 0 && ageMs < quietMs;
}
