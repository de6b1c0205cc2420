import type { KubeConfig, V1Volume, V1VolumeMount } from '@kubernetes/client-node';

/** Answer of one check of a cluster: what was found, why it matters and what to do. */
export interface ClusterFinding {
  readonly name: string;
  /** `unknown`: it could not be told, which is neither good nor bad. */
  readonly level: 'ok' | 'warn' | 'fail' | 'unknown';
  readonly message: string;
  readonly hint?: string;
}

/** What an account is asked for: verbs on resources. */
export interface Right {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface ExamineOptions {
  readonly kubeConfig: KubeConfig;
  /** Image with Python for the probes, that of jobs; without it nothing is probed by pods. */
  readonly probeImage: string | undefined;
  /** What the site adds to every pod. */
  readonly volumes?: readonly V1Volume[];
  readonly volumeMounts?: readonly V1VolumeMount[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly gpuResource: string;
  /** What the platform needs everywhere, and in the namespaces of tenants. */
  readonly rights: { readonly everywhere: readonly Right[]; readonly inTenants: readonly Right[] };
  /** Aborts when somebody interrupts; what was made is removed all the same. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export function ok(name: string, message: string): ClusterFinding {
  return { name, level: 'ok', message };
}

export function warn(name: string, message: string, hint: string): ClusterFinding {
  return { name, level: 'warn', message, hint };
}

export function fail(name: string, message: string, hint: string): ClusterFinding {
  return { name, level: 'fail', message, hint };
}

export function unknown(name: string, message: string, hint: string): ClusterFinding {
  return { name, level: 'unknown', message, hint };
}
