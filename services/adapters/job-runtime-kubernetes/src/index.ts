export { createClusterClient, type ClusterClient } from './cluster-client.ts';
export { createKubernetesJobRuntime, type KubernetesJobRuntime } from './kubernetes-job-runtime.ts';
export { tenantBundle, type TenantBundleOptions, type TenantLimits } from './manifests/tenant-bundle.ts';
export { tenantVolume, type TenantVolumeOptions } from './manifests/tenant-volume.ts';
export { tokenSecret } from './manifests/token-secret.ts';
export { volcanoJob } from './manifests/volcano-job.ts';
export { type Site } from './site.ts';
