import type { KubernetesObject, Right } from '@stratalab/job-runtime-kubernetes';
import { platformRights, tenantRoles } from '@stratalab/tenancy-kubernetes';
import type { ClusterConfig } from '../cluster-config.ts';

/** The rights of the platform's account, read from the roles that are installed with it, so that the two never differ. */
export function neededRights(config: Pick<ClusterConfig, 'STRATALAB_CLUSTER_NAMESPACE_PREFIX' | 'STRATALAB_CLUSTER_PARENT_QUEUE'>): {
  everywhere: readonly Right[];
  inTenants: readonly Right[];
} {
  const account = { namespace: 'stratalab', name: 'stratalab' };
  const objects = platformRights({
    platformAccount: account,
    hubAccount: account,
    platformNamespace: account.namespace,
    parentQueue: config.STRATALAB_CLUSTER_PARENT_QUEUE,
    namespacePrefix: config.STRATALAB_CLUSTER_NAMESPACE_PREFIX,
    sharedSecrets: []
  });
  const rulesOf = (name: string): readonly Right[] => objects.filter(object => object.kind === 'ClusterRole' && object.metadata?.name === name).flatMap(unsafeRules);
  return { everywhere: rulesOf('stratalab-platform'), inTenants: rulesOf(tenantRoles.platform) };
}

/** A role has rules. */
function unsafeRules(object: KubernetesObject): readonly Right[] {
  return (object as { readonly rules?: readonly Right[] }).rules ?? [];
}
