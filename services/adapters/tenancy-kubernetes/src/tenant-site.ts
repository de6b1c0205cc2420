import type { V1PersistentVolume } from '@kubernetes/client-node';

export type VolumeSource = Pick<V1PersistentVolume['spec'] & object, 'nfs' | 'csi' | 'hostPath'>;

/** An account of the cluster that works in the namespaces of tenants. */
export interface AccountName {
  readonly namespace: string;
  readonly name: string;
}

/** What this installation is on its cluster; the same for all tenants. Set by operators, never by users. */
export interface TenantSite {
  readonly namespaceOf: (tenant: string) => string;
  /** Queue above the queues of all tenants. */
  readonly parentQueue: string;
  readonly gpuResource: string;
  /** Further resources that count as GPUs, slices of them for example. */
  readonly gpuSlices: readonly string[];
  /** `restricted` on every real installation. */
  readonly podSecurity: 'restricted' | 'baseline' | 'privileged';
  /** Tenants over their share give resources back, which ends jobs of theirs; otherwise nothing that runs is ever ended for another tenant. */
  readonly isReclaimable: boolean;
  /** Namespace the platform and the Hub run in: only from there workspaces are reached. */
  readonly platformNamespace: string;
  /** Address of a platform outside of the cluster, which pods may then reach. */
  readonly platformAddress?: { readonly cidr: string; readonly port: number };
  readonly platformAccount: AccountName;
  readonly hubAccount: AccountName;
  readonly dataClaim: string;
  readonly homeClaim: string;
  /** The tenant's folder of the data volume: on a shared file system, or for one machine a folder of it. */
  readonly dataVolume: (tenant: string) => VolumeSource;
  /** The folder of all homes. */
  readonly homeVolume: VolumeSource;
  /** Secrets of the platform's namespace that every tenant gets a copy of: credentials of the image registry. */
  readonly sharedSecrets: readonly string[];
}

/** Role every tenant's namespace gives to the platform, and the one it gives to the Hub; installed with the platform. */
export const tenantRoles = { platform: 'stratalab-tenant-platform', hub: 'stratalab-tenant-hub' } as const;
