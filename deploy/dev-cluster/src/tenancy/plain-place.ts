import type { ClusterClient } from '@stratalab/job-runtime-kubernetes';
import type { TenantLimits } from '@stratalab/kernel';
import { clusterWideObjects, tenantObjects, type TenantSite } from '@stratalab/tenancy-kubernetes';
import { join } from 'node:path';

/** A site with folders of this machine as volumes, as restricted as a real one. */
export function plainSite(dataFolder: string, given: Partial<TenantSite> = {}): TenantSite {
  return {
    namespaceOf: tenant => `tenant-${tenant}`,
    parentQueue: 'tenants',
    gpuResource: 'nvidia.com/gpu',
    gpuSlices: [],
    podSecurity: 'restricted',
    isReclaimable: false,
    platformNamespace: 'stratalab',
    platformAccount: { namespace: 'stratalab', name: 'stratalab-platform' },
    hubAccount: { namespace: 'stratalab', name: 'stratalab-hub' },
    dataClaim: 'stratalab-data',
    homeClaim: 'stratalab-homes',
    dataVolume: tenant => ({ hostPath: { path: join(dataFolder, 'tenants', tenant), type: 'DirectoryOrCreate' } }),
    homeVolume: { hostPath: { path: join(dataFolder, 'home'), type: 'DirectoryOrCreate' } },
    sharedSecrets: [],
    ...given
  };
}

/** Everything a real tenant has on the cluster, made by an administrator of it, without somebody who keeps it in order. Idempotent. */
export async function makePlace(client: Pick<ClusterClient, 'apply'>, site: TenantSite, tenant: string, limits: TenantLimits): Promise<void> {
  for (const object of [...clusterWideObjects(site), ...tenantObjects(site, tenant, limits)]) await client.apply(object);
}
