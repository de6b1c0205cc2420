import type { KubernetesObject } from '@kubernetes/client-node';
import type { TenantLimits } from '@stratalab/kernel';
import { labelsOf, namedIn, unsafeObject } from './objects/labels.ts';
import { limitRange, queueCapability, resourceQuota } from './objects/limits.ts';
import { networkPolicies } from './objects/network-policies.ts';
import { volumeAndClaim, volumesOf } from './objects/volumes.ts';
import { tenantRoles, type AccountName, type TenantSite } from './tenant-site.ts';

/** Pods of tenants run as this account, which may do nothing at all. */
const workloadAccount = 'workload';

/**
 * Everything a tenant has on the cluster, in the order in which it can be made: the namespace, the rights in it, its limits and walls, its volumes and the leaf
 * queue of its jobs. What jobs may use is said by the queue, since pods of a waiting gang count against a ResourceQuota already.
 * @param share what the tenant is due when all want everything; its limits when nobody is ever ended for another
 */
export function tenantObjects(site: TenantSite, tenant: string, limits: TenantLimits, share: TenantLimits = limits): readonly KubernetesObject[] {
  const namespace = site.namespaceOf(tenant);
  const labels = labelsOf(tenant);
  const named = namedIn(namespace, tenant);
  const level = site.podSecurity;
  const security = Object.fromEntries(['enforce', 'audit', 'warn'].map(mode => [`pod-security.kubernetes.io/${mode}`, level]));
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { ...labels, ...security } } },
    roleBinding(named('stratalab-platform'), tenantRoles.platform, site.platformAccount),
    roleBinding(named('stratalab-hub'), tenantRoles.hub, site.hubAccount),
    resourceQuota(site, limits, named('stratalab')),
    limitRange(named('stratalab')),
    unsafeObject({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: named(workloadAccount), automountServiceAccountToken: false }),
    ...networkPolicies(site, named),
    ...volumesOf(site, tenant).flatMap(volume => volumeAndClaim(volume, { tenant, namespace })),
    unsafeObject({
      apiVersion: 'scheduling.volcano.sh/v1beta1',
      kind: 'Queue',
      metadata: { name: namespace, labels },
      spec: { parent: site.parentQueue, weight: 1, reclaimable: site.isReclaimable, capability: queueCapability(site, limits), deserved: queueCapability(site, share) }
    })
  ];
}

function roleBinding(metadata: KubernetesObject['metadata'], role: string, account: AccountName): KubernetesObject {
  return unsafeObject({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', ...account }]
  });
}
