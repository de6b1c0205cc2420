import { describe, expect, test } from '@jest/globals';
import type { CoreV1Event } from '@kubernetes/client-node';
import { isWaiting, waitingReason, type WaitingFacts } from './waiting.ts';

const event = (message: string): CoreV1Event => ({ metadata: {}, involvedObject: {}, message });
const nothing: WaitingFacts = { podGroup: undefined, podGroupEvents: [], jobEvents: [], pods: [] };

describe('why a job waits', () => {
  test('only a job with nothing placed waits', () => {
    expect([undefined, '', 'Pending', 'Running', 'Completed'].map(phase => isWaiting({ status: { state: phase === undefined ? {} : { phase } } }))).toEqual([
      true,
      true,
      true,
      false,
      false
    ]);
    expect(waitingReason(nothing)).toBeUndefined();
  });

  test('a full queue is known by an event on the gang only', () => {
    const said = event('queue resource quota insufficient: insufficient nvidia.com/gpu, insufficient cpu');
    expect(waitingReason({ ...nothing, podGroupEvents: [said] })).toBe('The queue of the tenant has no room for nvidia.com/gpu and cpu.');
  });

  test('with what is left the numbers are said; room that came since is not denied', () => {
    const said = event('queue resource quota insufficient: insufficient nvidia.com/gpu, insufficient memory');
    const room = { asked: { 'nvidia.com/gpu': 6, memory: 2 ** 31 }, left: { 'nvidia.com/gpu': 1, memory: 2 ** 33 }, offered: new Set(['nvidia.com/gpu']) };
    expect(waitingReason({ ...nothing, podGroupEvents: [said], room })).toBe(
      'The queue of the tenant has no room for nvidia.com/gpu and memory. It asks for 6 nvidia.com/gpu, and 1 is left.'
    );
  });

  test('what no node has at all is said, since Volcano says nothing', () => {
    const room = { asked: { 'nvidia.com/h900': 1, 'requests.nvidia.com/h900': 1, 'count/pods': 1, cpu: 1 }, left: {}, offered: new Set(['cpu', 'nvidia.com/gpu']) };
    expect(waitingReason({ ...nothing, room })).toBe('No node of the cluster offers nvidia.com/h900; what there is: nvidia.com/gpu.');
    expect(waitingReason({ ...nothing, room: { ...room, asked: { cpu: 1 } } })).toBeUndefined();
  });

  test('the empty gang sentence is not a reason; the origin inside of it is', () => {
    const empty = '2/2 tasks in gang unschedulable: pod group is not ready, 2 Pending, 2 minAvailable';
    const condition = (message: string) => ({ status: { conditions: [{ type: 'Unschedulable', message }] } });
    expect(waitingReason({ ...nothing, podGroup: condition(empty) })).toBeUndefined();
    const origin = `${empty}. Origin reason is gang-worker-0: 0/2 nodes are unavailable: 2 Insufficient nvidia.com/gpu`;
    expect(waitingReason({ ...nothing, podGroup: condition(origin) })).toBe('No node fits: 0/2 nodes are unavailable: 2 Insufficient nvidia.com/gpu.');
  });

  test('a quota of the namespace is known by an event on the job only', () => {
    const said = event('pods "x" is forbidden: exceeded quota: stratalab, requested: pods=1, used: pods=50, limited: pods=50');
    expect(waitingReason({ ...nothing, jobEvents: [said] })).toBe("The tenant's namespace has used its quota: pods=1 asked for, pods=50 in use, pods=50 allowed.");
  });

  test('F23 what refuses the pods is told in its own words, by Volcano as by KubeRay', () => {
    const volcano = String.raw`Error creating pods: [failed to create pod j-0, err: &errors.StatusError{ErrStatus:v1.Status{Status:"Failure", Message:"pods \"j-0\" is forbidden: violates PodSecurity \"restricted:latest\"", Reason:"Forbidden"}}]`;
    const kuberay = 'Failed to create head Pod t/j-head, pods "j-head" is forbidden: violates PodSecurity "restricted:latest"';
    for (const said of [
      { ...event(volcano), reason: 'FailedCreate' },
      { ...event(kuberay), reason: 'FailedToCreateHeadPod' }
    ]) {
      const reason = waitingReason({ ...nothing, jobEvents: [event('something else'), said] });
      expect(reason).toMatch(/^The cluster refuses its pods: pods "j-(0|head)" is forbidden: violates PodSecurity "restricted:latest"$/);
    }
  });

  test('a Ray cluster whose pods end again and again says so', () => {
    const deleted = (reason: string, terminated: string) => ({
      ...event(`Deleted head Pod t/j; Pod status: Failed; Pod restart policy: Never; Ray container terminated status: ${terminated}`),
      reason
    });
    const state = (code: number, why: string): string => `&ContainerStateTerminated{ExitCode:${code},Signal:0,Reason:${why},Message:,}`;
    expect(waitingReason({ ...nothing, jobEvents: [deleted('DeletedHeadPod', state(2, 'Error')), deleted('DeletedHeadPod', state(1, 'Error'))] })).toBe(
      'Its Ray cluster does not come up: the head ended 2 times, with exit code 2.'
    );
    expect(waitingReason({ ...nothing, jobEvents: [deleted('DeletedWorkerPod', state(137, 'OOMKilled'))] })).toBe(
      'Its Ray cluster does not come up: a worker ended once, out of memory.'
    );
    expect(waitingReason({ ...nothing, jobEvents: [deleted('DeletedHeadPod', 'nil')] })).toBe('Its Ray cluster does not come up: the head ended once.');
  });

  test('an image that cannot be fetched is told by its pod', () => {
    const status = { name: 'main', image: '', imageID: '', ready: false, restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } } };
    expect(waitingReason({ ...nothing, pods: [{ status: { containerStatuses: [status] } }] })).toBe('The image cannot be fetched: not found.');
  });
});
