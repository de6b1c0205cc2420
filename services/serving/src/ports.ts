import type { Embedder } from '@stratalab/kernel';

/** What `serving` needs from outside. */
export interface ServingPorts {
  readonly embedder: Embedder;
}
