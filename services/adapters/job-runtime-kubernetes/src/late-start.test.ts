import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { KubernetesObject } from '@kubernetes/client-node';
import { newId, type JobRuntime, type JobStart } from '@stratalab/kernel';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterClient } from './cluster-client.ts';
import { createKubernetesJobRuntime } from './kubernetes-job-runtime.ts';
import { createRayJobRuntime } from './ray/ray-job-runtime.ts';
import type { Site } from './site.ts';

const unused = (): never => {
  throw new Error('Nobody asks for this.');
};
const queue = { metadata: { name: 'tenant-a' }, spec: { capability: { cpu: '8', memory: '16Gi' } } };
const ray = { image: 'ray', version: '2.60.0' };

/** A process that stood still between its look and its start, while another one started the attempt. */
describe('an attempt that somebody else has started meanwhile', () => {
  let dataFolder = '';
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-late-start-'));
  });
  afterAll(() => rm(dataFolder, { recursive: true, force: true }));

  /** @param seen what the cluster has of the attempt when the late one comes. @returns names of what is left beside it */
  const startLate = async (launcher: 'python' | 'ray', seen: object): Promise<readonly string[]> => {
    const secrets = new Set<string>();
    let looks = 0;
    const client: ClusterClient = {
      ...{ annotate: unused, merge: unused, apply: unused, nodes: unused, placedPods: unused, quotas: unused },
      events: async () => [],
      pods: async () => [],
      read: async <T extends KubernetesObject>() => unsafeAnswer<T | undefined>((looks += 1) === 1 ? undefined : seen),
      list: async <T extends KubernetesObject>() => unsafeAnswer<readonly T[]>([queue]),
      async create({ kind, metadata }) {
        if (kind === 'Secret') secrets.add(metadata?.name ?? '');
        return kind === 'Secret';
      },
      async remove({ kind, metadata }) {
        if (kind === 'Secret') secrets.delete(metadata.name);
      }
    };
    const site: Site = {
      ...{ image: 'image', claimName: 'data', dataFolder, user: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 } },
      ...{ namespaceOf: tenant => `tenant-${tenant}`, queueOf: tenant => `tenant-${tenant}` }
    };
    const runtime: JobRuntime = launcher === 'ray' ? createRayJobRuntime(client, site, ray) : createKubernetesJobRuntime(client, site);
    const request: JobStart = {
      ...{ tenant: 'a', jobId: newId(), attempt: 1, launcher, processes: 1, gpuDevices: [], fileName: 'main.py', code: '' },
      ...{ perProcess: { cpu: 1, memoryMiB: 256, gpu: 0 }, arguments: [], environment: {}, token: 't', mounts: [], outputs: [] }
    };
    await runtime.start(request);
    return [...secrets];
  };

  test.each([
    ['python', { status: { state: { phase: 'Completed' } } }, { status: { state: { phase: 'Running' } } }],
    ['ray', { status: { jobDeploymentStatus: 'Complete' } }, { status: { jobDeploymentStatus: 'Running' } }]
  ] as const)('%s: keeps its Secret while it goes on; none is left beside one that is over', async (launcher, over, going) => {
    expect(await startLate(launcher, going)).toHaveLength(1);
    expect(await startLate(launcher, over)).toEqual([]);
  });
});

function unsafeAnswer<T>(value: unknown): T {
  return value as T;
}
