import { createHash } from 'node:crypto';
import { ApiException, type KubernetesObject } from '@kubernetes/client-node';
import { Problem } from '@stratalab/contracts';
import type { ClusterClient } from '@stratalab/job-runtime-kubernetes';
import type { PlaceDrift } from '@stratalab/kernel';
import { changedFields } from './changed-fields.ts';

/** Annotation with a digest of what we applied last: tells a change of ours from somebody else's. */
const appliedMark = 'stratalab/applied';

/** Keeps objects as they should be. Remembers, in this process, what it left in order: a look at that costs one read. */
export interface ObjectKeeper {
  /** Whether the object is as this process left it, by a list of its kind that was just read. */
  isInOrder(wanted: KubernetesObject, found: readonly KubernetesObject[]): boolean;
  /**
   * Makes the object as it should be. @param isExpected it was made before, so that its absence is somebody's doing
   * @returns what had been changed by others
   * @throws unavailable while one of an earlier place is still being deleted: it would take with it what is made over it
   */
  keep(wanted: KubernetesObject, isExpected: boolean): Promise<PlaceDrift | undefined>;
}

export function createObjectKeeper(client: Pick<ClusterClient, 'read' | 'apply' | 'remove'>): ObjectKeeper {
  const inOrder = new Map<string, string>();
  return {
    isInOrder(wanted, found) {
      const known = found.find(({ metadata }) => metadata?.name === wanted.metadata?.name);
      return known !== undefined && inOrder.get(titleOf(wanted)) === `${digestOf(wanted)}@${known.metadata?.resourceVersion ?? ''}`;
    },
    async keep(wanted, isExpected) {
      const digest = digestOf(wanted);
      const named = { ...wanted, metadata: { ...wanted.metadata, name: wanted.metadata?.name ?? '' } };
      const title = titleOf(wanted);
      const before = await client.read<KubernetesObject>(named);
      if (before !== undefined && inOrder.get(title) === `${digest}@${before.metadata?.resourceVersion ?? ''}`) return undefined;
      if (!isExpected && before?.metadata?.deletionTimestamp !== undefined)
        throw new Problem('unavailable', { detail: `${title} is being deleted; it is made again when it is gone.`, retryAfterSeconds: 2 });
      await applyOver(client, { ...named, metadata: { ...named.metadata, annotations: { ...named.metadata.annotations, [appliedMark]: digest } } });
      const after = await client.read<KubernetesObject>(named);
      inOrder.set(title, `${digest}@${after?.metadata?.resourceVersion ?? ''}`);
      if (before === undefined) return isExpected ? { object: title, change: 'missing', fields: [] } : undefined;
      // Another digest: we want something else than before, so every change is ours. None at all: it is not what we left.
      const known = before.metadata?.annotations?.[appliedMark];
      if (after === undefined || (known === undefined ? !isExpected : known !== digest)) return undefined;
      const fields = changedFields(before, after);
      return fields.length === 0 ? undefined : { object: title, change: 'changed', fields };
    }
  };
}

function digestOf(wanted: KubernetesObject): string {
  return createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 32);
}

/** The role of a binding cannot be changed: a binding to another role is removed and made again. */
async function applyOver(client: Pick<ClusterClient, 'apply' | 'remove'>, object: KubernetesObject & { metadata: { name: string } }): Promise<void> {
  try {
    await client.apply(object);
  } catch (error) {
    if (!(error instanceof ApiException) || error.code !== 422 || object.kind !== 'RoleBinding') throw error;
    await client.remove(object);
    await client.apply(object);
  }
}

export function titleOf({ kind, metadata }: KubernetesObject): string {
  const name = metadata?.name ?? '';
  return `${kind ?? ''} ${metadata?.namespace === undefined ? name : `${metadata.namespace}/${name}`}`;
}
