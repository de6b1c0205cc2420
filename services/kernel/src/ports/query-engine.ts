/** Files of one dataset version under the name SQL uses for them. */
export interface QueryTable {
  /** Name in SQL; quoted when it holds dots or dashes. */
  readonly name: string;
  readonly format: 'parquet' | 'csv' | 'tsv' | 'json' | 'jsonl';
  /** Absolute paths of regular files; nothing else is readable by the query. */
  readonly files: readonly string[];
}

export interface QueryLimits {
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  /** Most rows answered; 0 answers the columns only. */
  readonly rowLimit: number;
  /** Most bytes of rows answered, as JSON text. */
  readonly byteLimit: number;
}

export interface QueryRequest {
  /** One SELECT (or FROM, VALUES, WITH, SUMMARIZE, DESCRIBE) statement. */
  readonly sql: string;
  readonly tables: readonly QueryTable[];
  readonly limits: QueryLimits;
  /** Writes the result as this file instead of answering rows; the file appears whole or not at all, and replaces an older one. */
  readonly output?: { readonly folder: string; readonly fileName: string; readonly format: 'parquet' };
  readonly signal: AbortSignal;
}

export interface QueryResult {
  /** Types as the engine spells them (`BIGINT`, `DECIMAL(18,2)`, `STRUCT("a" INTEGER)`). */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** JSON values in column order: integers beyond 2^53 and decimals are text, times are RFC 3339, lists and structs nest. */
  readonly rows: readonly (readonly unknown[])[];
  /** Rows answered, or written when there is an output. */
  readonly rowCount: number;
  /** Rows were left out because of `rowLimit` or `byteLimit`. */
  readonly isTruncated: boolean;
}

/** Runs user SQL over given files, where it can reach nothing else: no other file, no network, no settings, no secrets. */
export interface QueryEngine {
  /**
   * Answers the rows of one query, or writes them to `output`.
   * @throws invalid-input with the engine's own message (and its place in the text as `errors[].path` = `sql:<line>:<column>`);
   *   timed-out after `timeoutMs`; storage-full; the signal's reason when it aborts
   */
  run(request: QueryRequest): Promise<QueryResult>;
  /**
   * Parses a query without any table: the table names it reads, as written, each once.
   * @throws invalid-input when it does not parse or is not a single SELECT
   */
  inspect(request: { readonly sql: string; readonly signal: AbortSignal }): Promise<{ readonly tableNames: readonly string[] }>;
}
