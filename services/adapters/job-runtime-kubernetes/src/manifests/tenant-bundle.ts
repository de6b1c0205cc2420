import type { KubernetesObject } from '@kubernetes/client-node';
import { marks } from '../site.ts';

/** What one tenant may use on the cluster; `null`: no limit. */
export interface TenantLimits {
  readonly cpu: number | null;
  readonly memoryMiB: number | null;
  readonly gpu: number | null;
  readonly pods: number;
}

export interface TenantBundleOptions {
  readonly tenant: string;
  readonly namespace: string;
  readonly queue: string;
  /** Queue above all tenants. */
  readonly parentQueue: string;
  readonly limits: TenantLimits;
  readonly gpuResource: string;
  /** `restricted` on every real installation. */
  readonly podSecurity: 'restricted' | 'baseline' | 'privileged';
  /** Labels of the namespace the platform and the Hub run in: they may reach notebooks, nobody else may. */
  readonly platformNamespaceLabels: Readonly<Record<string, string>>;
}

/** What the outer guard leaves beside what the queue gives to jobs: for notebooks, and for pods that ended and are still counted when the next gang is made. */
const guardFactor = 2;

/**
 * Everything a tenant has on the cluster, in the order in which it can be made: namespace, defaults and outer guard, network policies, and the leaf queue that
 * holds the limit of its jobs. Training limits live in the queue, since waiting pods of a gang already count against a ResourceQuota.
 */
export function tenantBundle(options: TenantBundleOptions): readonly KubernetesObject[] {
  const { tenant, namespace } = options;
  const labels = { [marks.managed]: 'true', [marks.tenant]: tenant };
  const inNamespace = (name: string) => ({ name, namespace, labels });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { ...labels, 'pod-security.kubernetes.io/enforce': options.podSecurity } } },
    resourceQuota(options, inNamespace('stratalab')),
    limitRange(inNamespace('stratalab')),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inNamespace('workload'), automountServiceAccountToken: false } as KubernetesObject,
    networkPolicy(inNamespace('closed'), { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    networkPolicy(inNamespace('own-namespace'), {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{ to: [{ podSelector: {} }] }]
    }),
    networkPolicy(inNamespace('platform'), {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: options.platformNamespaceLabels } }], ports: [{ port: 8888, protocol: 'TCP' }] }],
      egress: [
        { to: [{ namespaceSelector: { matchLabels: options.platformNamespaceLabels } }] },
        {
          to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
          ports: [
            { port: 53, protocol: 'UDP' },
            { port: 53, protocol: 'TCP' }
          ]
        }
      ]
    }),
    queue(options, labels)
  ];
}

function resourceQuota({ limits, gpuResource }: TenantBundleOptions, metadata: KubernetesObject['metadata']): KubernetesObject {
  const hard = {
    pods: String(limits.pods),
    ...(limits.cpu === null ? {} : { 'requests.cpu': String(limits.cpu * guardFactor) }),
    ...(limits.memoryMiB === null ? {} : { 'requests.memory': `${limits.memoryMiB * guardFactor}Mi` }),
    ...(limits.gpu === null ? {} : { [`requests.${gpuResource}`]: String(limits.gpu * guardFactor) })
  };
  return unsafeObject({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } });
}

/** Defaults, so that the quota refuses no pod for not saying what it needs. */
function limitRange(metadata: KubernetesObject['metadata']): KubernetesObject {
  const limits = [{ type: 'Container', default: { cpu: '1', memory: '1Gi' }, defaultRequest: { cpu: '100m', memory: '256Mi' } }];
  return unsafeObject({ apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits } });
}

function networkPolicy(metadata: KubernetesObject['metadata'], spec: object): KubernetesObject {
  return unsafeObject({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec });
}

function queue({ queue: name, parentQueue, limits, gpuResource }: TenantBundleOptions, labels: Record<string, string>): KubernetesObject {
  const capability = {
    ...(limits.cpu === null ? {} : { cpu: String(limits.cpu) }),
    ...(limits.memoryMiB === null ? {} : { memory: `${limits.memoryMiB}Mi` }),
    ...(limits.gpu === null ? {} : { [gpuResource]: String(limits.gpu) }),
    pods: String(limits.pods)
  };
  // A capability that names some resources leaves out the others: with a missing limit, none may be named.
  const isOpen = limits.cpu === null || limits.memoryMiB === null || limits.gpu === null;
  return unsafeObject({
    apiVersion: 'scheduling.volcano.sh/v1beta1',
    kind: 'Queue',
    metadata: { name, labels },
    spec: { parent: parentQueue, reclaimable: true, weight: 1, ...(isOpen ? {} : { capability }) }
  });
}

/** The client's types know metadata only; the API server judges the rest. */
function unsafeObject(value: object): KubernetesObject {
  return value as KubernetesObject;
}
