import type { V1PodSpec, V1VolumeMount } from '@kubernetes/client-node';

/** What this installation adds to every pod of a job: where it may run and what its nodes need. Set by operators, never by users. */
export interface Site {
  /** Python image with the programs of the launchers; by digest. */
  readonly image: string;
  /** Claim in each tenant's namespace that holds the tenant's folder of the data volume. */
  readonly claimName: string;
  /** The data folder as this process sees it; jobs see their part of it at the same path. */
  readonly dataFolder: string;
  /** Who a job is, unless the image is made for another; never root on a real installation. */
  readonly user: { readonly uid: number; readonly gid: number };
  readonly namespaceOf: (tenant: string) => string;
  readonly queueOf: (tenant: string) => string;
  /** Name of the resource a whole GPU is asked for by. */
  readonly gpuResource?: string;
  /** Kinds of GPU that jobs may ask for by name. */
  readonly gpuKinds?: Readonly<Record<string, GpuKind>>;
  readonly pod?: Pick<V1PodSpec, 'nodeSelector' | 'tolerations' | 'volumes' | 'imagePullSecrets'>;
  readonly volumeMounts?: readonly V1VolumeMount[];
  /** Variables of every job container, where the image needs some. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Tenants below their share get resources back from those above theirs: pods of jobs may ask for that. */
  readonly isReclaiming?: boolean;
  /** How jobs get a Ray cluster of their own; absent: none do. */
  readonly ray?: RaySite;
  /** Folder with Python packages that every job can import, whatever its image has: they travel with the attempt. */
  readonly pythonPackages?: string;
}

/** How one kind of GPU is asked for: another model is a node label, a slice is a resource of its own. */
export interface GpuKind {
  readonly resource: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

/** Ray on this cluster, for the KubeRay operator. */
export interface RaySite {
  /** Image with Ray and Python; by digest. */
  readonly image: string;
  /** Version of Ray in the image; 2.53 or later, since earlier ones cannot be asked for a token or how they are. */
  readonly version: string;
  /** Variables of every Ray container, where the image needs some. */
  readonly environment?: Readonly<Record<string, string>>;
}

export const defaultGpuResource = 'nvidia.com/gpu';

/** Labels and annotations of ours. */
export const marks = {
  managed: 'stratalab/managed',
  tenant: 'stratalab/tenant',
  job: 'stratalab/job',
  attempt: 'stratalab/attempt',
  /** Kind of GPU that was asked for by name. */
  gpuKind: 'stratalab/gpu-kind',
  /** Why we end a job: cancelled or deadline. */
  ending: 'stratalab/ending'
} as const;
