import type { KubernetesObject } from '@kubernetes/client-node';

/** The part of a RayJob's state we read (ray.io/v1, KubeRay 1.6). */
export interface RayJobState extends KubernetesObject {
  readonly spec?: { readonly suspend?: boolean };
  readonly status?: {
    readonly jobDeploymentStatus?: string;
    readonly jobStatus?: string;
    readonly rayClusterName?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly endTime?: string;
  };
}
