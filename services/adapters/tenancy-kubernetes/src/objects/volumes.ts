import type { KubernetesObject } from '@kubernetes/client-node';
import type { TenantSite, VolumeSource } from '../tenant-site.ts';
import { labelsOf, unsafeObject } from './labels.ts';

/** Needed by the objects, not enforced by shared file systems: the platform counts what a tenant stores. */
const capacity = '1Ti';

export interface TenantVolume {
  /** Name of the volume, unique in the cluster. */
  readonly name: string;
  readonly claim: string;
  readonly source: VolumeSource;
}

/** The folders of the data volume that pods of a tenant may be given parts of: its own, and that of the homes. */
export function volumesOf(site: TenantSite, tenant: string): readonly TenantVolume[] {
  return [
    { name: `stratalab-data-${tenant}`, claim: site.dataClaim, source: site.dataVolume(tenant) },
    { name: `stratalab-homes-${tenant}`, claim: site.homeClaim, source: site.homeVolume }
  ];
}

/** A volume that many pods share, bound to the one claim in the tenant's namespace. Deleting it deletes no file. */
export function volumeAndClaim(volume: TenantVolume, place: { readonly tenant: string; readonly namespace: string }): readonly KubernetesObject[] {
  const labels = labelsOf(place.tenant);
  const shape = { accessModes: ['ReadWriteMany'], storageClassName: '' };
  return [
    unsafeObject({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volume.name, labels },
      spec: {
        ...shape,
        capacity: { storage: capacity },
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: place.namespace, name: volume.claim },
        ...volume.source
      }
    }),
    unsafeObject({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: volume.claim, namespace: place.namespace, labels },
      spec: { ...shape, volumeName: volume.name, resources: { requests: { storage: capacity } } }
    })
  ];
}
