import type { ObjectStore } from '@stratalab/kernel';

/** The chat model every new installation can try, as a file that came with the set-up. */
export interface SampleModel {
  readonly fileName: string;
  /** The bytes of the file; `undefined` when this installation has none. */
  open(): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** What `models` needs from outside. */
export interface ModelsPorts {
  readonly objects: ObjectStore;
  readonly sampleModel?: SampleModel;
}
