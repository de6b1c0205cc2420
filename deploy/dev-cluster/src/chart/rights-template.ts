import type { KubernetesObject } from '@kubernetes/client-node';
import { platformRights } from '@stratalab/tenancy-kubernetes';
import { stringify } from 'yaml';

/** Words in the generated objects, and what Helm puts in their place. */
const places = {
  'namespace-place': '{{ .Release.Namespace }}',
  'account-place': '{{ include "stratalab.name" . }}',
  'prefix-place': '{{ .Values.jobs.namespacePrefix }}',
  'queue-place': '{{ .Values.jobs.parentQueue }}'
} as const;
const secretsPlace = 'secrets-place';
/** The rule of a role that is there only where jobs may use Ray. */
const rayRule = /^ {2}- apiGroups:\n {6}- ray\.io\n(?: {4,}.*\n)+/gm;
const head = `{{- /* Made from the rights that services/adapters/tenancy-kubernetes defines, by node deploy/dev-cluster/src/chart/write-chart.ts. */ -}}
{{- if and .Values.rbac.create (or .Values.hub.included (eq .Values.jobs.runtime "kubernetes")) }}
`;

/** The template of the platform's rights: exactly the objects the tenancy adapter asks for, with the names of a release. */
export function rightsTemplate(): string {
  const account = { namespace: 'namespace-place', name: 'account-place' };
  const objects = platformRights({
    ...{ platformAccount: account, hubAccount: account, platformNamespace: 'namespace-place', parentQueue: 'queue-place', namespacePrefix: 'prefix-place' },
    sharedSecrets: [secretsPlace]
  });
  return `${head}${objects.map(templateOf).join('')}{{- end }}\n`;
}

function templateOf(object: KubernetesObject): string {
  const text = Object.entries(places).reduce(
    (current, [place, expression]) => current.replaceAll(place, expression),
    stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })
  );
  if (object.metadata?.name !== 'stratalab-shared-secrets') return `---\n${text.replaceAll(rayRule, '{{- if .Values.ray.enabled }}\n$&{{- end }}\n')}`;
  const named = text.replace(/resourceNames:\n\s+- secrets-place\n/, 'resourceNames: {{ toJson .Values.rbac.sharedSecrets }}\n');
  return `{{- if .Values.rbac.sharedSecrets }}\n---\n${named}{{- end }}\n`;
}
