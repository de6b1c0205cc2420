import type { KubernetesObject } from '@kubernetes/client-node';

/** The part of a Volcano Job's state we read (batch.volcano.sh/v1alpha1, 1.15). */
export interface VolcanoJobState extends KubernetesObject {
  readonly status?: {
    readonly state?: { readonly phase?: string; readonly reason?: string; readonly message?: string; readonly lastTransitionTime?: string };
    /** The phases it was in, oldest first. */
    readonly conditions?: readonly { readonly status?: string; readonly lastTransitionTime?: string }[];
  };
}

export const podGroupKind = { apiVersion: 'scheduling.volcano.sh/v1beta1', kind: 'PodGroup' } as const;

export interface PodGroupState extends KubernetesObject {
  readonly spec?: { readonly queue?: string; readonly minResources?: Readonly<Record<string, string>> };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly { readonly type?: string; readonly reason?: string; readonly message?: string }[] };
}

export interface QueueState extends KubernetesObject {
  readonly spec?: { readonly parent?: string; readonly capability?: Readonly<Record<string, string>> };
  readonly status?: { readonly state?: string; readonly allocated?: Readonly<Record<string, string>> };
}
