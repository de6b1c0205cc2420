import type { QueryLimits, QueryTable } from '@stratalab/kernel';

/** What the parent writes to the child's standard input, as one line of JSON. */
export interface ChildRequest {
  readonly sql: string;
  readonly tables: readonly QueryTable[];
  readonly limits: QueryLimits;
  readonly threadCount: number;
  /** Folder for spilling; removed by the parent. */
  readonly temporaryFolder: string;
  readonly temporaryMiB: number;
  readonly task: 'run' | 'inspect';
  /** Absolute path of the Parquet file to write. */
  readonly outputPath?: string;
}

export interface ChildFailure {
  /** DuckDB's class of failure (`Parser Error`), or what our own gate says (`Refused`). */
  readonly kind: string;
  readonly message: string;
  readonly position?: { readonly line: number; readonly column: number };
}

/** What the child writes to standard output, once. */
export type ChildAnswer =
  | {
      readonly isOk: true;
      readonly columns: readonly { readonly name: string; readonly type: string }[];
      readonly rows: readonly (readonly unknown[])[];
      readonly rowCount: number;
      readonly isTruncated: boolean;
      readonly tableNames: readonly string[];
    }
  | { readonly isOk: false; readonly failure: ChildFailure };

export type ChildSuccess = Extract<ChildAnswer, { isOk: true }>;
