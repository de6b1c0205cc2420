import type { V1PersistentVolume, V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { marks } from '../site.ts';

export interface TenantVolumeOptions {
  readonly tenant: string;
  readonly namespace: string;
  readonly claimName: string;
  /** Where the tenant's folder of the data volume is: on a shared file system, or for one machine a folder of it. */
  readonly source: Pick<V1PersistentVolume['spec'] & object, 'nfs' | 'csi' | 'hostPath'>;
  /** Needed by the objects, not enforced by shared file systems. */
  readonly capacity: string;
}

/** The tenant's folder as a volume that many pods share, bound to the one claim in its namespace. */
export function tenantVolume(options: TenantVolumeOptions): readonly [V1PersistentVolume, V1PersistentVolumeClaim] {
  const { tenant, namespace, claimName, capacity } = options;
  const labels = { [marks.managed]: 'true', [marks.tenant]: tenant };
  const name = `stratalab-${tenant}`;
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name, labels },
      spec: {
        capacity: { storage: capacity },
        accessModes: ['ReadWriteMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
        claimRef: { namespace, name: claimName },
        ...options.source
      }
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claimName, namespace, labels },
      spec: { accessModes: ['ReadWriteMany'], storageClassName: '', volumeName: name, resources: { requests: { storage: capacity } } }
    }
  ];
}
