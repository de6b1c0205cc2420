import type { KubernetesObject } from '@kubernetes/client-node';
import type { TenantSite } from '../tenant-site.ts';
import { unsafeObject } from './labels.ts';

const workspaceMark = 'stratalab/workspace';
const workspaces = { matchExpressions: [{ key: workspaceMark, operator: 'Exists' }] };
const namespaceNamed = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
const port = (number: number, protocol = 'TCP') => ({ port: number, protocol });

/**
 * Who may speak to whom: nobody by default. Pods of jobs speak to each other; everything reaches the platform and names; workspaces are reached by the Hub's proxy
 * alone, also within their tenant, and the dashboard of a Ray head by the platform alone.
 */
export function networkPolicies(site: TenantSite, named: (name: string) => KubernetesObject['metadata']): readonly KubernetesObject[] {
  const policy = (name: string, spec: object): KubernetesObject => unsafeObject({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: named(name), spec });
  const platform = namespaceNamed(site.platformNamespace);
  const outside = site.platformAddress;
  return [
    policy('closed', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    policy('jobs', {
      podSelector: { matchExpressions: [{ key: workspaceMark, operator: 'DoesNotExist' }] },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: workspaceMark, operator: 'DoesNotExist' }] } }] }],
      egress: [{ to: [{ podSelector: { matchExpressions: [{ key: workspaceMark, operator: 'DoesNotExist' }] } }] }]
    }),
    policy('platform', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        { to: [platform] },
        ...(outside === undefined ? [] : [{ to: [{ ipBlock: { cidr: outside.cidr } }], ports: [port(outside.port)] }]),
        { to: [namespaceNamed('kube-system')], ports: [port(53, 'UDP'), port(53)] }
      ]
    }),
    policy('workspaces', { podSelector: workspaces, policyTypes: ['Ingress'], ingress: [{ from: [platform], ports: [port(8888)] }] }),
    policy('ray', { podSelector: { matchLabels: { 'ray.io/node-type': 'head' } }, policyTypes: ['Ingress'], ingress: [{ from: [platform], ports: [port(8265)] }] })
  ];
}
