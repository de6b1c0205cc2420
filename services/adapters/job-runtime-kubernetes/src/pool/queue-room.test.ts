import { describe, expect, test } from '@jest/globals';
import type { PodGroupState, QueueState } from '../observe/cluster-objects.ts';
import { queueRoom, quotaRoom } from './queue-room.ts';

const queue = (name: string, parent: string, capability?: Record<string, string>, allocated: Record<string, string> = {}): QueueState => ({
  metadata: { name },
  spec: { parent, ...(capability === undefined ? {} : { capability }) },
  status: { state: 'Open', allocated }
});
const gang = (uid: string, of: string, phase: string, minResources: Record<string, string>): PodGroupState => ({
  metadata: { uid },
  spec: { queue: of, minResources },
  status: { phase }
});
const queues = [
  queue('root', ''),
  queue('tenants', 'root', { cpu: '20', 'nvidia.com/gpu': '6' }, { cpu: '9' }),
  queue('alpha', 'tenants', { cpu: '16', memory: '64Gi' }, { cpu: '8', memory: '1Gi' }),
  queue('beta', 'tenants')
];

describe('room in a queue', () => {
  test('is what it and the queues above it leave, each resource where it is least', () => {
    expect(queueRoom('alpha', { queues, podGroups: [] })).toEqual({ cpu: 8, memory: 63 * 2 ** 30, 'nvidia.com/gpu': 6 });
    expect(queueRoom('beta', { queues, podGroups: [] })).toEqual({ cpu: 11, 'nvidia.com/gpu': 6 });
    expect(queueRoom('unknown', { queues, podGroups: [] })).toEqual({});
  });

  test('gangs that were let in hold theirs, also for their neighbours; those that were not hold nothing', () => {
    const podGroups = [gang('one', 'alpha', 'Inqueue', { cpu: '5' }), gang('two', 'beta', 'Inqueue', { 'nvidia.com/gpu': '4' }), gang('three', 'alpha', 'Pending', { cpu: '16' })];
    expect(queueRoom('alpha', { queues, podGroups })).toMatchObject({ cpu: 3, 'nvidia.com/gpu': 2 });
    expect(queueRoom('alpha', { queues, podGroups }, 'one')).toMatchObject({ cpu: 8, 'nvidia.com/gpu': 2 });
  });

  test('queues that are each other’s parent are read once', () => {
    expect(queueRoom('a', { queues: [queue('a', 'b', { cpu: '2' }), queue('b', 'a', { cpu: '1' })], podGroups: [] })).toEqual({ cpu: 1 });
  });
});

test('of several quotas of a namespace, and of requests and limits, the tighter one counts', () => {
  const status = { hard: { 'requests.cpu': '8', 'limits.cpu': '4', 'requests.nvidia.com/gpu': '2', pods: '10' }, used: { 'limits.cpu': '1', pods: '4' } };
  expect(quotaRoom([{ status }, { status: { hard: { 'count/pods': '9' }, used: { 'count/pods': '8' } } }])).toEqual({ cpu: 3, 'nvidia.com/gpu': 2, pods: 1 });
  expect(quotaRoom([{ spec: { scopes: ['Terminating'] }, status: { hard: { pods: '0' } } }])).toEqual({});
});
