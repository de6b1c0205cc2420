import type { KubernetesObject } from '@kubernetes/client-node';
import { unsafeObject } from '../objects/labels.ts';
import { tenantRoles, type TenantSite } from '../tenant-site.ts';

export interface RightsOptions extends Pick<TenantSite, 'platformAccount' | 'hubAccount' | 'platformNamespace' | 'parentQueue' | 'sharedSecrets'> {
  readonly namespacePrefix: string;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const see = ['get', 'list', 'watch'] as const;
const keep = ['get', 'list', 'create', 'patch', 'delete'] as const;
const rbac = 'rbac.authorization.k8s.io';
const core = '';

/** What the platform may do everywhere: look at nodes, queues and what runs, and make the outer things of tenants, which `ownThingsOnly` narrows to its own. */
const clusterRules: readonly Rule[] = [
  { apiGroups: [core], resources: ['nodes', 'pods', 'resourcequotas', 'events'], verbs: see },
  { apiGroups: ['batch.volcano.sh'], resources: ['jobs'], verbs: see },
  { apiGroups: ['scheduling.volcano.sh'], resources: ['podgroups'], verbs: see },
  { apiGroups: ['ray.io'], resources: ['rayclusters', 'rayjobs'], verbs: see },
  { apiGroups: ['scheduling.volcano.sh'], resources: ['queues'], verbs: [...see, 'create', 'patch', 'delete'] },
  { apiGroups: [core], resources: ['namespaces', 'persistentvolumes'], verbs: ['get', 'create', 'patch', 'delete'] },
  { apiGroups: ['scheduling.k8s.io'], resources: ['priorityclasses'], verbs: ['get', 'list', 'create', 'patch'] },
  { apiGroups: [rbac], resources: ['rolebindings'], verbs: keep },
  { apiGroups: [rbac], resources: ['clusterroles'], verbs: ['bind'], resourceNames: Object.values(tenantRoles) }
];

/** What the platform may do in the namespace of a tenant. */
const tenantRules: readonly Rule[] = [
  { apiGroups: [core], resources: ['resourcequotas', 'limitranges', 'serviceaccounts', 'secrets', 'persistentvolumeclaims'], verbs: keep },
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: keep },
  { apiGroups: [core], resources: ['pods'], verbs: [...see, 'delete'] },
  { apiGroups: [core], resources: ['pods/log'], verbs: ['get'] },
  { apiGroups: ['batch.volcano.sh'], resources: ['jobs'], verbs: [...see, 'create', 'patch', 'delete'] },
  { apiGroups: ['bus.volcano.sh'], resources: ['commands'], verbs: ['create'] },
  { apiGroups: ['scheduling.volcano.sh'], resources: ['podgroups'], verbs: ['delete'] },
  { apiGroups: ['ray.io'], resources: ['rayclusters', 'rayjobs'], verbs: [...see, 'create', 'patch', 'delete'] }
];

/** What the Hub may do there: workspaces are pods, and nothing else. It reads no secret. */
const hubRules: readonly Rule[] = [
  { apiGroups: [core], resources: ['pods'], verbs: [...see, 'create', 'delete'] },
  { apiGroups: [core], resources: ['pods/log'], verbs: ['get'] },
  { apiGroups: [core], resources: ['events'], verbs: see }
];

/** Every right of the platform and the Hub on a cluster; an administrator of it installs them once. Nothing in it is a wildcard. */
export function platformRights(options: RightsOptions): readonly KubernetesObject[] {
  const { platformAccount, platformNamespace, sharedSecrets } = options;
  const secretsRole: readonly KubernetesObject[] =
    sharedSecrets.length === 0
      ? []
      : [
          role('Role', { name: 'stratalab-shared-secrets', namespace: platformNamespace }, [
            { apiGroups: [core], resources: ['secrets'], verbs: ['get'], resourceNames: sharedSecrets }
          ]),
          binding('RoleBinding', { name: 'stratalab-shared-secrets', namespace: platformNamespace }, { kind: 'Role', name: 'stratalab-shared-secrets', account: platformAccount })
        ];
  return [
    role('ClusterRole', { name: 'stratalab-platform' }, clusterRules),
    role('ClusterRole', { name: tenantRoles.platform }, tenantRules),
    role('ClusterRole', { name: tenantRoles.hub }, hubRules),
    binding('ClusterRoleBinding', { name: 'stratalab-platform' }, { kind: 'ClusterRole', name: 'stratalab-platform', account: platformAccount }),
    ...secretsRole,
    ...ownThingsOnly(options)
  ];
}

function role(kind: 'Role' | 'ClusterRole', metadata: object, rules: readonly Rule[]): KubernetesObject {
  return unsafeObject({ apiVersion: `${rbac}/v1`, kind, metadata, rules });
}

function binding(kind: 'RoleBinding' | 'ClusterRoleBinding', metadata: object, to: { readonly kind: string; readonly name: string; readonly account: object }): KubernetesObject {
  return unsafeObject({
    apiVersion: `${rbac}/v1`,
    kind,
    metadata,
    roleRef: { apiGroup: rbac, kind: to.kind, name: to.name },
    subjects: [{ kind: 'ServiceAccount', ...to.account }]
  });
}

/**
 * Rights cannot be limited to names that begin with something; an admission policy can: the platform's account writes namespaces, queues and bindings of
 * tenants only, and volumes and priority classes of its own name. Without it, a stolen token could bind a tenant role in any namespace.
 */
function ownThingsOnly({ platformAccount, namespacePrefix, parentQueue }: RightsOptions): readonly KubernetesObject[] {
  const name = 'stratalab-own-things-only';
  const user = `system:serviceaccount:${platformAccount.namespace}:${platformAccount.name}`;
  const isOurs = [
    `request.resource.resource == 'rolebindings' && request.namespace.startsWith('${namespacePrefix}')`,
    `request.resource.resource == 'namespaces' && request.name.startsWith('${namespacePrefix}')`,
    `request.resource.resource == 'queues' && (request.name.startsWith('${namespacePrefix}') || request.name == '${parentQueue}')`,
    "request.resource.resource in ['persistentvolumes', 'priorityclasses'] && request.name.startsWith('stratalab-')"
  ];
  const rule = (apiGroups: readonly string[], resources: readonly string[]) => ({ apiGroups, apiVersions: ['*'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources });
  return [
    unsafeObject({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            rule([core], ['namespaces', 'persistentvolumes']),
            rule(['scheduling.volcano.sh'], ['queues']),
            rule(['scheduling.k8s.io'], ['priorityclasses']),
            rule([rbac], ['rolebindings'])
          ]
        },
        matchConditions: [{ name: 'the-platform', expression: `request.userInfo.username == '${user}'` }],
        validations: [{ expression: isOurs.map(part => `(${part})`).join(' || '), message: 'Stratalab writes what belongs to its tenants only.' }]
      }
    }),
    unsafeObject({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] }
    })
  ];
}
