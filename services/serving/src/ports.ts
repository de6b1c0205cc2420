import type { Embedder, ModelRuntime } from '@stratalab/kernel';

/** What `serving` needs from outside. */
export interface ServingPorts {
  readonly embedder: Embedder;
  readonly runtime: ModelRuntime;
}
