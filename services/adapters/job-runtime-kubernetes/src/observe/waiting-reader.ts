import type { CoreV1Event, KubernetesObject, V1Pod } from '@kubernetes/client-node';
import type { JobAttempt } from '@stratalab/kernel';
import type { ClusterClient } from '../cluster-client.ts';
import type { PoolFacts } from '../pool/facts.ts';
import { roomFacts } from '../pool/space.ts';
import { marks, type Site } from '../site.ts';
import { podGroupKind, type PodGroupState } from './cluster-objects.ts';
import { createTurns } from './turns.ts';
import { waitingReason } from './waiting.ts';

/** A gang that waits, and where the cluster leaves its reasons. */
export interface WaitingGang {
  readonly job: KubernetesObject;
  readonly podGroup: string;
  /** What makes its pods. */
  readonly makers: readonly { readonly kind: string; readonly name: string }[];
}

export interface WaitingReaderParts {
  readonly client: ClusterClient;
  readonly site: Site;
  /** undefined when the attempt does not wait */
  readonly find: (attempt: JobAttempt) => Promise<WaitingGang | undefined>;
  readonly readPool: () => Promise<PoolFacts>;
}

const quietMs = 2_000;
/** A reason takes up to four calls, and the API server reads all events of a namespace for a list of them. */
const limits = { share: 0.1, burstMs: 3_000 };

/**
 * Why attempts wait, in the cluster's own reasons and plain words; undefined when one runs or nothing is known. With thousands that wait, asking for each of them
 * would be most of the API server's load: when it is not somebody's turn, the last answer still stands.
 */
export function createWaitingReader({ client, site, find, readPool }: WaitingReaderParts): (attempt: JobAttempt, last?: string) => Promise<string | undefined> {
  const inTurn = createTurns(limits);
  const read = async (attempt: JobAttempt, { podGroup: name, makers }: WaitingGang): Promise<string | undefined> => {
    const namespace = site.namespaceOf(attempt.tenant);
    const podGroup = await client.read<PodGroupState>({ ...podGroupKind, metadata: { name, namespace } });
    const jobEvents: CoreV1Event[] = [];
    for (const maker of makers) jobEvents.push(...(await client.events(namespace, maker.kind, maker.name)));
    return waitingReason({
      podGroup,
      podGroupEvents: podGroup === undefined ? [] : await client.events(namespace, 'PodGroup', name),
      jobEvents,
      pods: await readPodsOf(client, site, attempt),
      room: roomFacts(await readPool(), site.queueOf(attempt.tenant), podGroup)
    });
  };
  return async (attempt, last) => {
    const gang = await find(attempt);
    if (gang === undefined || isNew(gang.job)) return undefined;
    const reading = inTurn(() => read(attempt, gang));
    return reading === undefined ? last : reading;
  };
}

/** The pods of an attempt, whoever made them. */
export function readPodsOf(client: ClusterClient, site: Site, attempt: JobAttempt): Promise<readonly V1Pod[]> {
  return client.pods(site.namespaceOf(attempt.tenant), { [marks.job]: attempt.jobId, [marks.attempt]: String(attempt.attempt) });
}

/** Volcano has hardly looked at it: nobody knows of a reason yet, and most gangs are placed by then. A clock that is off makes nothing new. */
function isNew({ metadata }: KubernetesObject): boolean {
  const ageMs = Date.now() - new Date(metadata?.creationTimestamp ?? 0).getTime();
  return ageMs >= 0 && ageMs < quietMs;
}
