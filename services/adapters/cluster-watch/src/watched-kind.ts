/** An object of the cluster as the wire has it; what else it holds is the reader's business. Untrusted: anybody with rights in a namespace writes some of it. */
export interface ClusterObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMetadata;
  readonly [field: string]: unknown;
}

export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** One list and one watch: which objects, and what is kept of them. */
export interface WatchedKind {
  /** Short name in metrics, logs and views: `volcano-jobs`. */
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** As in the address: `pods`. */
  readonly plural: string;
  /** Only one namespace; all of them, or a kind without namespaces, when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  /** Label whose values objects are found by (`KindView.labelled`). */
  readonly indexLabel?: string;
  /** What is kept of an object's fields beside names; everything else never stays in memory. The whole object without its bookkeeping unless given. */
  readonly keep?: (object: ClusterObject) => Readonly<Record<string, unknown>>;
}

/** Where the kind is served: `/apis/batch.volcano.sh/v1alpha1/jobs`. */
export function pathOf({ apiVersion, plural, namespace }: WatchedKind): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return namespace === undefined ? `${group}/${plural}` : `${group}/namespaces/${namespace}/${plural}`;
}
