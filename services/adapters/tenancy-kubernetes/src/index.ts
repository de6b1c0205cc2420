export { clusterWideObjects } from './objects/cluster-wide.ts';
export { platformRights, type RightsOptions } from './rights/platform-rights.ts';
export { tenantObjects } from './tenant-objects.ts';
export { createKubernetesTenantPlaces } from './tenant-places.ts';
export { tenantRoles, type AccountName, type TenantSite, type VolumeSource } from './tenant-site.ts';
