import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the runtime tells one replica, in a file only its owner may read: nothing secret is in argv or the environment. */
export interface ReplicaSpec {
  readonly modelFile: string;
  readonly contextTokens: number;
  /** Conversations answered at the same time. */
  readonly parallel: number;
  readonly threads: number;
  /** Callers present this as bearer credential. */
  readonly secret: string;
  /** Ends by itself when nobody asked for its health for this long. */
  readonly orphanMs: number;
}

/** Reads `spec.json` of the replica's folder, which the runtime wrote. */
export function readSpec(folder: string): ReplicaSpec {
  return unsafeSpec(JSON.parse(readFileSync(join(folder, 'spec.json'), 'utf8')));
}

function unsafeSpec(value: unknown): ReplicaSpec {
  return value as ReplicaSpec;
}
