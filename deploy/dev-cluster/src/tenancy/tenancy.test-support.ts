import { beforeAll, describe, expect, test } from '@jest/globals';
import { createClusterClient, createKubernetesJobRuntime, type ClusterClient } from '@stratalab/job-runtime-kubernetes';
import { mountService, newId, type JobStart, type TenantPlaces } from '@stratalab/kernel';
import { control } from '@stratalab/control';
import { controlRoutes } from '@stratalab/contracts/control';
import { administrator, createTenant, createTestHost, fakeControlPorts } from '@stratalab/tooling';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKubernetesTenantPlaces, tenantObjects } from '@stratalab/tenancy-kubernetes';
import { until, type Cluster } from '../cluster.ts';
import { installRights, kubeConfigOf, limits, testSite } from './platform-account.test-support.ts';

/** The places of tenants on a real control plane, kept by an account that has the committed rights and no other. */
export function describeTenancy(cluster: () => Cluster): void {
  describe('tenancy-kubernetes', () => {
    const site = testSite('/nowhere', { sharedSecrets: ['registry'] });
    let client: ClusterClient;
    let places: TenantPlaces;
    const kubectl = (...args: string[]): Promise<string> => cluster().kubectl(args);
    const read = async (...args: string[]): Promise<unknown> => JSON.parse(await kubectl('get', ...args, '-o', 'json'));
    /** The rights in a new namespace are known a moment after they were given. */
    const ensure = async (tenant: string, wanted = limits): Promise<Awaited<ReturnType<TenantPlaces['ensure']>>> => {
      let drift: Awaited<ReturnType<TenantPlaces['ensure']>> = [];
      let refusal: unknown;
      const attempt = async (): Promise<boolean> => {
        try {
          drift = await places.ensure(tenant, wanted);
          return true;
        } catch (error) {
          expect(error).toMatchObject({ code: 'unavailable' });
          refusal = error;
          return false;
        }
      };
      await until(`The place of ${tenant}`, attempt, 60_000).catch((error: unknown) => {
        throw refusal ?? error;
      });
      return drift;
    };

    beforeAll(async () => {
      await installRights(cluster(), site);
      await kubectl('-n', 'stratalab', 'create', 'secret', 'generic', 'registry', '--from-literal=token=of-the-registry');
      client = createClusterClient(await kubeConfigOf(cluster(), site.platformAccount));
      places = createKubernetesTenantPlaces(client, site);
    });

    test('a tenant gets its whole place; a second look changes nothing and finds nothing', async () => {
      expect(await ensure('acme')).toEqual([]);
      // The cluster writes into a volume and its claim when it binds them.
      const claims = ['-n', 'tenant-acme', 'get', 'pvc', '-o', 'jsonpath={.items[*].status.phase}'];
      await until('The volumes being bound', async () => (await kubectl(...claims)) === 'Bound Bound', 60_000);
      const wanted = tenantObjects(site, 'acme', limits);
      const version = async (): Promise<readonly string[]> =>
        Promise.all(
          wanted.map(({ kind, metadata }) =>
            kubectl(
              'get',
              `${kind}`,
              `${metadata?.name}`,
              ...(metadata?.namespace === undefined ? [] : ['-n', metadata.namespace]),
              '-o',
              'jsonpath={.metadata.generation}{.spec}{.subjects}'
            )
          )
        );
      const before = await version();
      expect(await ensure('acme')).toEqual([]);
      expect(await createKubernetesTenantPlaces(client, site).ensure('acme', limits)).toEqual([]);
      expect(await version()).toEqual(before);
      expect(await read('queue', 'tenant-acme')).toMatchObject({
        spec: { parent: 'tenants', capability: { cpu: '8', memory: '16384Mi', 'nvidia.com/gpu': '2' }, deserved: { cpu: '8' }, reclaimable: false }
      });
      expect(await read('secret', 'registry', '-n', 'tenant-acme')).toMatchObject({ data: { token: Buffer.from('of-the-registry').toString('base64') } });
    });

    test('T57 the walls are stored as they were meant: nobody comes in but who is named', async () => {
      await ensure('acme');
      const { items } = unsafeList(await read('networkpolicies', '-n', 'tenant-acme'));
      const named = new Map(items.map(({ metadata, spec }) => [metadata.name, spec]));
      expect(named.get('closed')).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
      for (const { metadata, spec } of items) {
        for (const rule of spec.ingress ?? []) expect({ policy: metadata.name, from: rule.from?.length ?? 0 }).toEqual({ policy: metadata.name, from: 1 });
        for (const rule of spec.egress ?? []) expect({ policy: metadata.name, to: rule.to?.length ?? 0 }).toEqual({ policy: metadata.name, to: 1 });
      }
      expect(named.get('workspaces')).toMatchObject({
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'stratalab' } } }], ports: [{ port: 8888 }] }]
      });
    });

    test('F27 what somebody changes or removes behind our back is put back and told; what is not ours is told and left', async () => {
      await ensure('acme');
      await kubectl('patch', 'queue', 'tenant-acme', '--type=merge', '-p', '{"spec":{"capability":{"cpu":"900"}}}');
      await kubectl('label', 'namespace', 'tenant-acme', '--overwrite', 'pod-security.kubernetes.io/enforce=privileged');
      await kubectl('-n', 'tenant-acme', 'delete', 'networkpolicy', 'closed');
      await kubectl('-n', 'tenant-acme', 'delete', 'rolebinding', 'stratalab-hub');
      await kubectl('-n', 'tenant-acme', 'create', 'rolebinding', 'stratalab-hub', '--clusterrole=cluster-admin', '--serviceaccount=stratalab:stratalab-hub');
      await kubectl('-n', 'tenant-acme', 'create', 'rolebinding', 'guest', '--clusterrole=view', '--user=guest');
      const drift = await ensure('acme');
      expect([...drift].sort((a, b) => a.object.localeCompare(b.object))).toEqual([
        { object: 'Namespace tenant-acme', change: 'changed', fields: ['metadata.labels.pod-security.kubernetes.io/enforce'] },
        { object: 'NetworkPolicy tenant-acme/closed', change: 'missing', fields: [] },
        { object: 'Queue tenant-acme', change: 'changed', fields: ['spec.capability.cpu'] },
        { object: 'RoleBinding tenant-acme/guest', change: 'foreign', fields: [] },
        { object: 'RoleBinding tenant-acme/stratalab-hub', change: 'changed', fields: expect.arrayContaining(['roleRef.name']) }
      ]);
      expect(await read('rolebinding', 'stratalab-hub', '-n', 'tenant-acme')).toMatchObject({ roleRef: { name: 'stratalab-tenant-hub' } });
      expect(await kubectl('get', 'queue', 'tenant-acme', '-o', 'jsonpath={.spec.capability.cpu}')).toBe('8');
      await kubectl('-n', 'tenant-acme', 'delete', 'rolebinding', 'guest');
      expect(await ensure('acme')).toEqual([]);
    });

    test('a namespace of that name that belongs to something else is not taken', async () => {
      await kubectl('create', 'namespace', 'tenant-theirs');
      await expect(places.ensure('theirs', limits)).rejects.toMatchObject({ code: 'conflict' });
      expect(await places.remove('theirs')).toBe(true);
      expect(await kubectl('get', 'namespace', 'tenant-theirs', '-o', 'jsonpath={.metadata.labels}')).not.toContain('stratalab/tenant');
    });

    test('the one number an administrator edits reaches queue and outer guard, and a gang that waited for it starts untouched', async () => {
      const dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-quota-'));
      const host = await createTestHost({
        services: [mountService(control, { ...fakeControlPorts(), places })],
        isBackgroundRunning: true,
        environment: { STRATALAB_PLACE_CHECK_SECONDS: '5' }
      });
      try {
        const params = { tenant: 'edit' };
        const root = host.clientFor(controlRoutes, administrator);
        await createTenant(host, 'edit');
        const field = (kind: string, path: string, ...where: string[]) => cluster().tryKubectl(['get', kind, ...where, '-o', `jsonpath={${path}}`]);
        const capability = async (): Promise<string> => (await field('queue', String.raw`.spec.capability.nvidia\.com/gpu`, 'tenant-edit')).output;
        await until('The queue of the tenant', async () => (await capability()) === '2', 60_000);

        const runtime = createKubernetesJobRuntime(client, {
          ...{ image: 'registry.example/job@sha256:0', claimName: 'stratalab-data', dataFolder, user: { uid: 1000, gid: 1000 } },
          ...{ namespaceOf: site.namespaceOf, queueOf: site.namespaceOf, pod: { tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }] } }
        });
        const job: JobStart = {
          ...{ tenant: 'edit', jobId: newId(), attempt: 1, launcher: 'python', processes: 2, gpuDevices: [], fileName: 'main.py', code: '' },
          ...{ perProcess: { cpu: 1, memoryMiB: 512, gpu: 2 }, arguments: [], environment: {}, token: 't', mounts: [], outputs: [] }
        };
        await runtime.start(job);
        const uid = (): Promise<string> => kubectl('-n', 'tenant-edit', 'get', 'vcjob', '-o', 'jsonpath={.items[0].metadata.uid}');
        const before = await uid();
        await until(
          'The reason of the wait',
          async () => (await runtime.waitingReason(job))?.startsWith('The queue of the tenant has no room for nvidia.com/gpu.') === true,
          60_000
        );

        await root.setQuota({ params: { ...params, resource: 'gpu' }, body: { limit: 4 } });
        await until('The queue following the quota', async () => (await capability()) === '4', 60_000);
        expect((await field('resourcequota', String.raw`.spec.hard.requests\.nvidia\.com/gpu`, 'stratalab', '-n', 'tenant-edit')).output).toBe('8');
        await until('The gang starting', async () => (await runtime.observe(job)).phase !== 'starting', 60_000);
        expect(await uid()).toBe(before);

        await root.closeTenant({ params });
        // The account loses its rights there before the gang is gone; nothing of that is a failure, and in the end nothing is left.
        const isRemoved = async (): Promise<boolean> => {
          await runtime.cancel(job, { graceMs: 1000 });
          await runtime.tidy(job);
          return runtime.remove(job);
        };
        await until('The end of a job in a closed tenant', isRemoved, 90_000);
        expect(await runtime.observe(job)).toEqual({ phase: 'absent' });
        await until('The end of the place of a closed tenant', async () => (await field('namespace', '.metadata.name', 'tenant-edit', '--ignore-not-found')).output === '', 90_000);
      } finally {
        await host.close();
        await rm(dataFolder, { recursive: true, force: true });
      }
    });

    test('a tenant that goes takes its whole place along', async () => {
      await ensure('gone');
      const held = (by: string): Promise<string> => kubectl('patch', 'pv', 'stratalab-data-gone', '--type=merge', '-p', `{"metadata":{"finalizers":[${by}]}}`);
      await held('"example.com/held"');
      await places.remove('gone');
      await until('The end of the namespace', async () => (await kubectl('get', 'namespace', 'tenant-gone', '-o', 'name', '--ignore-not-found')) === '', 60_000);
      expect(await places.remove('gone')).toBe(false);
      await held('');
      await until('The end of the place', () => places.remove('gone'), 60_000);
      for (const object of ['namespace/tenant-gone', 'queue/tenant-gone', 'pv/stratalab-data-gone', 'pv/stratalab-homes-gone']) {
        expect({ object, ...(await cluster().tryKubectl(['get', object, '-o', 'name', '--ignore-not-found'])) }).toMatchObject({ object, output: '' });
      }
      expect(await ensure('gone')).toEqual([]);
      await until('The end of the place', () => places.remove('gone'), 60_000);
    });
  });
}

interface PolicyList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly ingress?: readonly { readonly from?: readonly unknown[] }[]; readonly egress?: readonly { readonly to?: readonly unknown[] }[] };
  }[];
}

function unsafeList(value: unknown): PolicyList {
  return value as PolicyList;
}
