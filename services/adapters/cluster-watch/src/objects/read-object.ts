import type { ClusterObject, WatchedKind } from '../watched-kind.ts';

/** Written by every apply of kubectl: a second copy of the whole object. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * What the wire brought, as far as it is an object with a name, a uid and a version, reduced to what the kind keeps: bookkeeping (`managedFields`, applied copies)
 * and pod templates never enter the memory.
 * @returns undefined for anything else
 */
export function readObject(kind: WatchedKind, value: unknown): ClusterObject | undefined {
  if (!isRecord(value) || !isRecord(value['metadata'])) return undefined;
  const { name, namespace, uid, resourceVersion, labels, annotations, creationTimestamp, deletionTimestamp, ownerReferences } = value['metadata'];
  if (!isName(name) || !isName(uid) || !isName(resourceVersion) || (namespace !== undefined && !isName(namespace))) return undefined;
  const metadata = {
    ...{ name, uid, resourceVersion },
    ...(namespace === undefined ? {} : { namespace }),
    ...(isRecord(labels) ? { labels: textsOf(labels) } : {}),
    ...(isRecord(annotations) ? { annotations: textsOf(annotations) } : {}),
    ...(typeof creationTimestamp === 'string' ? { creationTimestamp } : {}),
    ...(typeof deletionTimestamp === 'string' ? { deletionTimestamp } : {}),
    ...(Array.isArray(ownerReferences)
      ? { ownerReferences: ownerReferences.filter(isRecord).map(({ kind: ownerKind, name: ownerName, uid: ownerUid }) => ({ kind: ownerKind, name: ownerName, uid: ownerUid })) }
      : {})
  };
  // A list leaves out what all of its items have in common.
  const whole: ClusterObject = { ...value, apiVersion: kind.apiVersion, kind: kind.kind, metadata };
  const fields = kind.keep === undefined ? withoutTemplates(whole) : kind.keep(whole);
  return { ...fields, apiVersion: kind.apiVersion, kind: kind.kind, metadata };
}

function withoutTemplates(object: ClusterObject): ClusterObject {
  const { spec } = object;
  if (!isRecord(spec)) return object;
  const { template: _template, tasks: _tasks, ...rest } = spec;
  return { ...object, spec: rest };
}

function textsOf(record: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).flatMap(([key, value]) => (typeof value === 'string' && key !== lastApplied ? [[key, value]] : [])));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
