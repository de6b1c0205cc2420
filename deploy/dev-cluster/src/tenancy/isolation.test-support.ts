import { beforeAll, describe, expect, test } from '@jest/globals';
import { ApiException, type KubernetesObject } from '@kubernetes/client-node';
import { createClusterClient, type ClusterClient } from '@stratalab/job-runtime-kubernetes';
import { createKubernetesTenantPlaces, platformRights, tenantObjects } from '@stratalab/tenancy-kubernetes';
import { until, type Cluster } from '../cluster.ts';
import { installRights, kubeConfigOf, limits, prefix, testSite } from './platform-account.test-support.ts';

const site = testSite('/nowhere');
const named = (apiVersion: string, kind: string, name: string, namespace?: string) => ({ apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } });
const rbac = 'rbac.authorization.k8s.io';

/** Done-when 4: what each account of the cluster can reach, tried with its real token. */
export function describeIsolation(cluster: () => Cluster): void {
  describe('isolation of tenants on the cluster', () => {
    const clientOf = async (namespace: string, name: string): Promise<ClusterClient> => createClusterClient(await kubeConfigOf(cluster(), { namespace, name }));
    const refusal = (work: Promise<unknown>): Promise<number> =>
      work.then(
        () => 0,
        (error: unknown) => (error instanceof ApiException ? error.code : -1)
      );

    beforeAll(async () => {
      await installRights(cluster(), site);
      const places = createKubernetesTenantPlaces(createClusterClient(await kubeConfigOf(cluster(), site.platformAccount)), site);
      for (const tenant of ['left', 'right']) {
        const isMade = (): Promise<boolean> =>
          places.ensure(tenant, limits).then(
            () => true,
            () => false
          );
        await until(`The place of ${tenant}`, isMade, 60_000);
        await cluster().kubectl(['-n', `${prefix}${tenant}`, 'create', 'secret', 'generic', 'credential', '--from-literal=token=x']);
      }
    });

    test('T57 every object of a tenant and every right passes the strict dry-run', async () => {
      await cluster().kubectl(['create', 'namespace', `${prefix}strict`]);
      const objects = [...tenantObjects(site, 'strict', limits).slice(1), ...platformRights({ ...site, namespacePrefix: prefix, sharedSecrets: ['one'] })];
      for (const object of objects) {
        const apply = ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '--validate=strict', '-f', '-'];
        const { code, errors } = await cluster().tryKubectl(apply, JSON.stringify(object));
        expect({ object: `${object.kind} ${object.metadata?.name}`, code, errors }).toEqual({ object: `${object.kind} ${object.metadata?.name}`, code: 0, errors: '' });
      }
    });

    test('T57 nothing more privileged than restricted is admitted where a tenant runs', async () => {
      const pod = (spec: object) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'probe', namespace: `${prefix}left` },
        spec: { containers: [{ name: 'main', image: 'x' }], ...spec }
      });
      for (const spec of [{}, { hostNetwork: true }, { hostPID: true }, { volumes: [{ name: 'root', hostPath: { path: '/' } }] }]) {
        const { code, errors } = await cluster().tryKubectl(['create', '--dry-run=server', '-f', '-'], JSON.stringify(pod(spec)));
        expect({ spec, code: code === 0 ? 0 : 1, says: errors.includes('violates PodSecurity "restricted') }).toEqual({ spec, code: 1, says: true });
      }
    });

    test.each(['workload', 'default'])(
      "the account '%s' of a tenant's own pods reaches nothing, in its namespace or another",
      async account => {
        const client = await clientOf(`${prefix}left`, account);
        for (const tenant of ['left', 'right']) {
          const namespace = `${prefix}${tenant}`;
          const tried = {
            secret: await refusal(client.read(named('v1', 'Secret', 'credential', namespace))),
            jobs: await refusal(client.list('batch.volcano.sh/v1alpha1', 'Job', namespace)),
            pods: await refusal(client.pods(namespace, {})),
            queue: await refusal(client.read(named('scheduling.volcano.sh/v1beta1', 'Queue', namespace))),
            claim: await refusal(client.read(named('v1', 'PersistentVolumeClaim', 'stratalab-data', namespace))),
            policy: await refusal(client.remove(named('networking.k8s.io/v1', 'NetworkPolicy', 'closed', namespace))),
            quota: await refusal(client.annotate(named('scheduling.volcano.sh/v1beta1', 'Queue', namespace), { a: 'b' }))
          };
          expect({ tenant, ...tried }).toEqual({ tenant, secret: 403, jobs: 403, pods: 403, queue: 403, claim: 403, policy: 403, quota: 403 });
        }
      },
      60_000
    );

    test("the Hub's account makes pods of workspaces, reads no secret and gives no right", async () => {
      const hub = await clientOf(site.hubAccount.namespace, site.hubAccount.name);
      expect(await refusal(hub.pods(`${prefix}left`, {}))).toBe(0);
      expect({
        secret: await refusal(hub.read(named('v1', 'Secret', 'credential', `${prefix}left`))),
        elsewhere: await refusal(hub.pods('kube-system', {})),
        queue: await refusal(hub.read(named('scheduling.volcano.sh/v1beta1', 'Queue', `${prefix}left`))),
        binding: await refusal(hub.create(bindingTo('stratalab-tenant-platform', `${prefix}left`)))
      }).toEqual({ secret: 403, elsewhere: 403, queue: 403, binding: 403 });
    });

    test("a stolen token of the platform gets no further than its tenants' namespaces", async () => {
      const platform = await clientOf(site.platformAccount.namespace, site.platformAccount.name);
      expect({
        secrets: await refusal(platform.list('v1', 'Secret', 'kube-system')),
        tenantRoleElsewhere: await refusal(platform.create(bindingTo('stratalab-tenant-platform', 'kube-system'))),
        clusterAdmin: await refusal(platform.create(bindingTo('cluster-admin', `${prefix}left`))),
        clusterBinding: await refusal(
          platform.create(
            object({
              apiVersion: `${rbac}/v1`,
              kind: 'ClusterRoleBinding',
              metadata: { name: 'mine' },
              roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
              subjects: []
            })
          )
        ),
        foreignNamespace: await refusal(platform.create(named('v1', 'Namespace', 'kube-evil'))),
        otherNamespace: await refusal(platform.remove(named('v1', 'Namespace', 'stratalab'))),
        defaultQueue: await refusal(platform.annotate(named('scheduling.volcano.sh/v1beta1', 'Queue', 'default'), { a: 'b' })),
        policy: await refusal(platform.remove(named('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', 'stratalab-own-things-only')))
      }).toEqual({ secrets: 403, tenantRoleElsewhere: 422, clusterAdmin: 403, clusterBinding: 403, foreignNamespace: 422, otherNamespace: 422, defaultQueue: 422, policy: 403 });
    });
  });
}

function bindingTo(role: string, namespace: string): KubernetesObject {
  const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name: role };
  return object({ ...named(`${rbac}/v1`, 'RoleBinding', 'mine', namespace), roleRef, subjects: [{ kind: 'ServiceAccount', ...site.platformAccount }] });
}

function object(value: object): KubernetesObject {
  return value;
}
