import type { ObjectStore, QueryEngine, StoredFile } from '@stratalab/kernel';

/** The homes of workspaces (adapter: mounts-local). */
export interface Workspaces {
  /** Links `~/datasets/<mountName>` of a user to a folder, without a copy; idempotent. @throws already-exists when something else has the name */
  link(request: { readonly user: string; readonly mountName: string; readonly target: string }): Promise<void>;
  /** Takes the link away; anything that is no link to `target` is left alone; idempotent. */
  unlink(request: { readonly user: string; readonly mountName: string; readonly target: string }): Promise<void>;
  /** Regular files at a path below the user's home; follows no link. @throws not-found, invalid-request, invalid-input */
  inspectFolder(request: { readonly user: string; readonly path: string }): Promise<readonly StoredFile[]>;
  /** Copies them into `folder`. @throws as `inspectFolder`; invalid-input beyond `limitBytes` */
  copyFolder(request: { readonly user: string; readonly path: string; readonly folder: string; readonly limitBytes: number; readonly signal: AbortSignal }): Promise<void>;
}

export interface SampleDataset {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Query over the table `data` whose result is kept as Parquet; the CSV is kept as it is when there is none. */
  readonly sql?: string;
  /** Room it takes at most. */
  readonly sizeBytes: number;
}

/** Example data that comes with the installation. */
export interface SampleDatasets {
  readonly all: readonly SampleDataset[];
  /** Writes the CSV of one into `folder`. */
  write(name: string, folder: string, signal: AbortSignal): Promise<void>;
}

/** What `catalog` needs from outside. */
export interface CatalogPorts {
  readonly store: ObjectStore;
  readonly query: QueryEngine;
  readonly workspaces: Workspaces;
  readonly samples: SampleDatasets;
}
