import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import type { PodGroupState, VolcanoJobState } from './cluster-objects.ts';

export interface WaitingFacts {
  readonly job: VolcanoJobState | undefined;
  readonly podGroup: PodGroupState | undefined;
  /** Events of the PodGroup and of the Job, newest first. */
  readonly podGroupEvents: readonly CoreV1Event[];
  readonly jobEvents: readonly CoreV1Event[];
  readonly pods: readonly V1Pod[];
}

/** What Volcano says when it has nothing to say: a gang sentence that names no cause. */
const emptySentence = /tasks in gang unschedulable(?!.*Origin reason)/;

/**
 * Why a job does not run yet, in plain words; undefined when it does, or when nobody knows. Read in the order in which Volcano is truthful: job phase, PodGroup
 * condition, events on the PodGroup (the only place a full queue leaves its reason), events on the job (the only place a ResourceQuota does), pods.
 */
export function waitingReason(facts: WaitingFacts): string | undefined {
  const phase = facts.job?.status?.state?.phase;
  if (facts.job === undefined || (phase !== undefined && phase !== '' && phase !== 'Pending')) return undefined;
  return fromCondition(facts.podGroup) ?? fromQueue(facts.podGroupEvents) ?? fromQuota(facts.jobEvents) ?? fromPods(facts.pods);
}

function fromCondition(podGroup: PodGroupState | undefined): string | undefined {
  const message = podGroup?.status?.conditions?.findLast(condition => condition.type === 'Unschedulable')?.message ?? '';
  const origin = /Origin reason is [^:]*: (.*)$/.exec(message)?.[1];
  return origin === undefined ? undefined : `No node fits: ${origin}.`.replace(/\.\.$/, '.');
}

function fromQueue(events: readonly CoreV1Event[]): string | undefined {
  const said = events.map(event => event.message ?? '').find(message => message.includes('queue resource quota insufficient'));
  const resources = said?.match(/insufficient ([^\s,]+)/g)?.map(part => part.replace('insufficient ', ''));
  return resources === undefined ? undefined : `The queue of the tenant has no room for ${[...new Set(resources)].join(' and ')}.`;
}

function fromQuota(events: readonly CoreV1Event[]): string | undefined {
  const said = events.map(event => event.message ?? '').find(message => message.includes('exceeded quota'));
  const numbers = said === undefined ? undefined : /exceeded quota: (\S+), requested: ([^ ]+), used: ([^ ]+), limited: ([^ ,"}]+)/.exec(said);
  if (said === undefined) return undefined;
  return numbers === null || numbers === undefined
    ? "The tenant's namespace has used its quota."
    : `The tenant's namespace has used its quota: ${numbers[2] ?? ''} asked for, ${numbers[3] ?? ''} in use, ${numbers[4] ?? ''} allowed.`;
}

function fromPods(pods: readonly V1Pod[]): string | undefined {
  for (const pod of pods) {
    const waiting = pod.status?.containerStatuses?.[0]?.state?.waiting;
    if (waiting?.reason === 'ImagePullBackOff' || waiting?.reason === 'ErrImagePull') return `The image cannot be fetched: ${waiting.message ?? waiting.reason}.`;
    const scheduled = pod.status?.conditions?.find(condition => condition.type === 'PodScheduled');
    if (scheduled?.status === 'False' && scheduled.message !== undefined && !emptySentence.test(scheduled.message)) return scheduled.message;
  }
  return undefined;
}
