import type { QueryEngine } from '@stratalab/kernel';

/** Folders in which outputs lie until they are published (adapter: query-duckdb, or any folder on the file system of the objects). */
export interface Staging {
  /** Absolute path of the folder of one output; nothing is created. */
  folderOf(tenant: string, stagingId: string): string;
  /** Removes the folder with what is in it; does nothing when it is not there (any more). */
  remove(tenant: string, stagingId: string): Promise<void>;
}

/** What `pipelines` needs from outside. */
export interface PipelinesPorts {
  readonly queryEngine: QueryEngine;
  readonly staging: Staging;
}
