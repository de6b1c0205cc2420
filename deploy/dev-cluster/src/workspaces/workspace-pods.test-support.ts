import { beforeAll, describe, expect, test } from '@jest/globals';
import type { TenantLimits } from '@stratalab/kernel';
import { clusterWideObjects, tenantObjects } from '@stratalab/tenancy-kubernetes';
import { join } from 'node:path';
import { until, type Cluster } from '../cluster.ts';
import { runProgram } from '../run-program.ts';
import { clusterRoot } from '../settings.ts';
import { installRights, testSite } from '../tenancy/platform-account.test-support.ts';

const repository = join(clusterRoot, '../..');
const python = join(repository, '.venv/bin/python');
const limits: TenantLimits = { cpu: 100, memoryMiB: 400_000, gpu: 20, jobs: 10, workspaces: 20 };
const [tenants, users] = [50, 10];
/** Room for all of them on few simulated nodes; the profile for GPUs asks for its own pool. */
const room = { cpu: '2000', memory: '8Ti', pods: '700', 'nvidia.com/gpu': '400', 'nvidia.com/mig-1g.18gb': '400' };
const additions = { nodeSelector: { room: 'workspaces' }, tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }] };
const hub = '--as=system:serviceaccount:stratalab:stratalab-hub';

/** The Hub's own pods for 500 people in 50 tenants, judged by the API server as the Hub's account, and run on simulated nodes. */
export function describeWorkspacePods(cluster: () => Cluster): void {
  describe('the pods of workspaces', () => {
    const site = testSite('/var/lib/stratalab');
    let pods: readonly Pod[] = [];
    const apply = (objects: readonly object[]): Promise<string> => cluster().kubectl(['create', '-f', '-'], list(objects));
    const phases = async (): Promise<readonly string[]> =>
      (await cluster().kubectl(['get', 'pods', '-A', '-l', 'stratalab/workspace', '-o', 'jsonpath={range .items[*]}{.status.phase}{"\\n"}{end}']))
        .split('\n')
        .filter(line => line !== '');

    beforeAll(async () => {
      const text = await runProgram(python, ['hub-config/tests/support/pods.py', '--tenants', `${tenants}`, '--users', `${users}`, '--pod', JSON.stringify(additions)], {
        cwd: repository
      });
      pods = unsafeList(JSON.parse(text)).items;
      await installRights(cluster(), site);
      // As the platform itself writes them: suites before this one may have left them on the cluster.
      const asPlatform = ['apply', '--server-side', '--field-manager=stratalab', '--force-conflicts', '-f', '-'];
      for (const object of clusterWideObjects(site)) await cluster().kubectl(asPlatform, JSON.stringify(object));
      await apply(['workspaces-0', 'workspaces-1'].map(fakeNode));
      // What a pod needs to be judged: everything but the walls between running pods.
      const isNeeded = ({ kind }: { readonly kind?: string }): boolean => kind !== 'NetworkPolicy';
      await apply(Array.from({ length: tenants }, (_, index) => tenantObjects(site, `tenant${index}`, limits).filter(isNeeded)).flat());
      // Pods are refused for a quota of which the cluster has not counted yet what is used.
      const counted = ['get', 'resourcequotas', '-A', '-o', 'jsonpath={range .items[*]}{.metadata.namespace}={.status.used.pods}{"\\n"}{end}'];
      const isCounted = async (): Promise<boolean> => (await cluster().kubectl(counted)).split('\n').filter(line => /^tenant-tenant\d+=\d/.test(line)).length === tenants;
      await until('The quota of every tenant', isCounted, 120_000);
    });

    test('all 500 pass a strict dry-run of the server in restricted namespaces, made by the account of the Hub', async () => {
      expect(pods).toHaveLength(tenants * users);
      expect(new Set(pods.map(({ metadata }) => metadata.namespace)).size).toBe(tenants);
      const { code, errors } = await cluster().tryKubectl(['create', hub, '--dry-run=server', '--validate=strict', '-f', '-'], list(pods));
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
    });

    test('T57 one privilege more and the namespace refuses the pod; outside of tenants the Hub makes none at all', async () => {
      const [pod] = pods;
      if (pod === undefined) throw new Error('There is no pod.');
      const judge = (object: object) => cluster().tryKubectl(['create', hub, '--dry-run=server', '-f', '-'], JSON.stringify(object));
      expect((await judge({ ...pod, spec: { ...pod.spec, hostPID: true } })).errors).toContain('violates PodSecurity "restricted');
      expect((await judge({ ...pod, metadata: { ...pod.metadata, namespace: 'kube-system' } })).errors).toMatch(/forbidden.*cannot create resource "pods"/);
      expect((await cluster().tryKubectl(['get', 'secrets', '-n', 'tenant-tenant0', hub])).errors).toContain('cannot list resource "secrets"');
    });

    test('all 500 are made and run, with GPUs and slices given out by the queues of their tenants', async () => {
      await cluster().kubectl(['create', hub, '-f', '-'], list(pods));
      const isRunning = async (): Promise<boolean> => (await phases()).filter(phase => phase === 'Running').length === tenants * users;
      await until('Every workspace running', isRunning, 240_000).catch(async (error: unknown) => {
        throw new Error(`${String(error)} ${JSON.stringify(count(await phases()))}`);
      });
      const queues = await cluster().kubectl(['get', 'podgroups.scheduling.volcano.sh', '-A', '-o', 'jsonpath={range .items[*]}{.spec.queue}{"\\n"}{end}']);
      expect(new Set(queues.split('\n').filter(queue => queue.startsWith('tenant-tenant'))).size).toBe(tenants);
      await cluster().kubectl(['delete', 'namespaces', '--wait=false', ...Array.from({ length: tenants }, (_, index) => `tenant-tenant${index}`)]);
    });
  });
}

interface Pod {
  readonly metadata: { readonly namespace: string };
  readonly spec: object;
}

function list(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

function fakeNode(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, annotations: { 'kwok.x-k8s.io/node': 'fake' }, labels: { room: 'workspaces', pool: 'gpu', 'kubernetes.io/hostname': name } },
    spec: { taints: [{ key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' }] },
    status: { allocatable: room, capacity: room }
  };
}

function count(words: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...new Set(words)].map(word => [word, words.filter(other => other === word).length]));
}

/** What the program prints is a List of pods. */
function unsafeList(value: unknown): { readonly items: readonly Pod[] } {
  return value as { readonly items: readonly Pod[] };
}
