import type { KubernetesObject, V1Secret } from '@kubernetes/client-node';
import { Problem } from '@stratalab/contracts';
import type { ClusterClient } from '@stratalab/job-runtime-kubernetes';
import { labelsOf, unsafeObject } from './labels.ts';

/** A copy of a secret of the platform's namespace for a tenant. @throws invalid-state when it is not there */
export async function copyOfSecret(
  client: Pick<ClusterClient, 'read'>,
  what: { readonly from: string; readonly name: string; readonly namespace: string; readonly tenant: string }
): Promise<KubernetesObject> {
  const secret = await client.read<V1Secret>({ apiVersion: 'v1', kind: 'Secret', metadata: { name: what.name, namespace: what.from } });
  if (secret === undefined) {
    throw new Problem('invalid-state', { detail: `The secret ${what.from}/${what.name} is not there.`, hint: 'Make it, or take it out of STRATALAB_CLUSTER_SHARED_SECRETS.' });
  }
  const metadata = { name: what.name, namespace: what.namespace, labels: labelsOf(what.tenant) };
  return unsafeObject({ apiVersion: 'v1', kind: 'Secret', metadata, type: secret.type ?? 'Opaque', data: secret.data ?? {} });
}
