import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import type { PodGroupState, VolcanoJobState } from './cluster-objects.ts';

/** What is known of a gang that waits. */
export interface WaitingFacts {
  readonly podGroup: PodGroupState | undefined;
  /** Events of the PodGroup, newest first. */
  readonly podGroupEvents: readonly CoreV1Event[];
  /** Events of what makes the pods (a Job of Volcano's; a RayJob and its RayCluster), newest first. */
  readonly jobEvents: readonly CoreV1Event[];
  readonly pods: readonly V1Pod[];
  readonly room?: RoomFacts;
}

/** What the gang asks for beside what there is, by resource name in base units. */
export interface RoomFacts {
  readonly asked: Readonly<Record<string, number>>;
  /** Left by the tenant's queue and those above it; a resource without a limit is missing. */
  readonly left: Readonly<Record<string, number>>;
  /** Names that at least one node offers. */
  readonly offered: ReadonlySet<string>;
}

/** What Volcano says when it has nothing to say: a gang sentence that names no cause. */
const emptySentence = /tasks in gang unschedulable(?!.*Origin reason)/;

/**
 * Why a gang that waits does not run yet, in plain words; undefined when nobody knows. Read in the order in which Volcano is truthful: PodGroup condition, events on
 * the PodGroup (the only place a full queue leaves its reason), events on the job (the only place a ResourceQuota does), pods.
 */
export function waitingReason({ podGroup, podGroupEvents, jobEvents, pods, room }: WaitingFacts): string | undefined {
  return fromOffer(room) ?? fromCondition(podGroup) ?? fromQueue(podGroupEvents, room) ?? refusedReason(jobEvents) ?? fromEndedRay(jobEvents) ?? fromPods(pods);
}

/** Nothing of the job is placed yet, or Volcano has not looked at it. */
export function isWaiting(job: VolcanoJobState): boolean {
  const phase = job.status?.state?.phase;
  return phase === undefined || phase === '' || phase === 'Pending';
}

/** Volcano is silent about what no node has at all. */
function fromOffer(room: RoomFacts | undefined): string | undefined {
  if (room === undefined) return undefined;
  const missing = Object.keys(room.asked).filter(
    name => name.includes('/') && !room.offered.has(name) && (room.asked[name] ?? 0) > 0 && name !== 'count/pods' && !/^(requests|limits)\./.test(name)
  );
  const there = [...room.offered].filter(name => name.includes('/'));
  if (missing.length === 0) return undefined;
  return `No node of the cluster offers ${missing.join(' or ')}; ${there.length === 0 ? 'it has no devices at all' : `what there is: ${there.join(', ')}`}.`;
}

function fromCondition(podGroup: PodGroupState | undefined): string | undefined {
  const message = podGroup?.status?.conditions?.findLast(condition => condition.type === 'Unschedulable')?.message ?? '';
  const origin = /Origin reason is [^:]*: (.*)$/.exec(message)?.[1];
  return origin === undefined ? undefined : `No node fits: ${origin}.`.replace(/\.\.$/, '.');
}

function fromQueue(events: readonly CoreV1Event[], room: RoomFacts | undefined): string | undefined {
  const said = events.map(event => event.message ?? '').find(message => message.includes('queue resource quota insufficient'));
  const resources = said?.match(/insufficient ([^\s,]+)/g)?.map(part => part.replace('insufficient ', ''));
  if (resources === undefined) return undefined;
  const names = [...new Set(resources)];
  const numbers = names.flatMap(name => numbersOf(name, room));
  return [`The queue of the tenant has no room for ${names.join(' and ')}.`, ...(numbers.length === 0 ? [] : [`It asks for ${numbers.join('; ')}.`])].join(' ');
}

const longestRefusal = 500;
const bytesPerMib = 2 ** 20;

/** "2 nvidia.com/gpu, and 1 is left": the event names resources only. */
function numbersOf(name: string, room: RoomFacts | undefined): readonly string[] {
  const [asked, left] = [room?.asked[name], room?.left[name]];
  if (asked === undefined || left === undefined || asked <= left) return [];
  const words = (amount: number): string => (name === 'memory' ? `${Math.round(amount / bytesPerMib)} MiB` : String(Math.round(amount * 1000) / 1000));
  return [`${words(asked)} ${name}, and ${left === 0 ? 'none' : words(left)} ${left === 1 || left === 0 ? 'is' : 'are'} left`];
}

/** Why pods of the job could not be made: its controller tries again for some minutes, then gives the job up and says nothing of it. */
export function refusedReason(jobEvents: readonly CoreV1Event[]): string | undefined {
  return fromQuota(jobEvents) ?? fromRefusal(jobEvents);
}

function fromQuota(events: readonly CoreV1Event[]): string | undefined {
  const said = events.map(event => event.message ?? '').find(message => message.includes('exceeded quota'));
  const numbers = said === undefined ? undefined : /exceeded quota: (\S+), requested: ([^ ]+), used: ([^ ]+), limited: ([^ ,"}]+)/.exec(said);
  if (said === undefined) return undefined;
  return numbers === null || numbers === undefined
    ? "The tenant's namespace has used its quota."
    : `The tenant's namespace has used its quota: ${numbers[2] ?? ''} asked for, ${numbers[3] ?? ''} in use, ${numbers[4] ?? ''} allowed.`;
}

/** Pods that policies, webhooks or the level of pod security refuse are told in an event, by Volcano as a printed structure, by KubeRay as words. */
function fromRefusal(events: readonly CoreV1Event[]): string | undefined {
  for (const { reason, message = '' } of events) {
    if (reason === undefined || !/^FailedCreate|^FailedToCreate/.test(reason)) continue;
    const said = /Message:"((?:[^"\\]|\\.)*)"/.exec(message)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? /^Failed to create [^,]*, (.*)$/s.exec(message)?.[1];
    if (said !== undefined) return `The cluster refuses its pods: ${said.slice(0, longestRefusal)}`;
  }
  return undefined;
}

const rayRoles: Readonly<Record<string, string>> = { DeletedHeadPod: 'head', DeletedWorkerPod: 'worker' };

/** KubeRay makes a pod of its cluster anew whenever it ends, without end; what ended it stands in an event as a printed structure. */
function fromEndedRay(events: readonly CoreV1Event[]): string | undefined {
  const ended = events.filter(({ reason }) => reason !== undefined && rayRoles[reason] !== undefined);
  const last = ended[0];
  if (last?.reason === undefined) return undefined;
  const times = ended.filter(({ reason }) => reason === last.reason).reduce((sum, { count }) => sum + Math.max(1, count ?? 1), 0);
  const code = /ExitCode:(-?\d+)/.exec(last.message ?? '')?.[1];
  const cause = /Reason:OOMKilled/.test(last.message ?? '') ? ', out of memory' : code === undefined ? '' : `, with exit code ${code}`;
  return `Its Ray cluster does not come up: ${last.reason === 'DeletedHeadPod' ? 'the' : 'a'} ${rayRoles[last.reason]} ended ${times === 1 ? 'once' : `${times} times`}${cause}.`;
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
