import type { KubernetesObject } from '@kubernetes/client-node';
import { marks } from '@stratalab/job-runtime-kubernetes';

/** Labels of everything that belongs to a tenant. */
export function labelsOf(tenant: string): Record<string, string> {
  return { [marks.managed]: 'true', [marks.tenant]: tenant };
}

/** Metadata of an object in the tenant's namespace. */
export function namedIn(namespace: string, tenant: string): (name: string) => { name: string; namespace: string; labels: Record<string, string> } {
  return name => ({ name, namespace, labels: labelsOf(tenant) });
}

/** The client's types know metadata only; the API server judges the rest. */
export function unsafeObject(value: object): KubernetesObject {
  return value;
}
