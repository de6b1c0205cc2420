import { Problem } from '@stratalab/contracts';
import type { Preview } from '@stratalab/contracts/catalog';
import type { QueryResult, QueryTable } from '@stratalab/kernel';
import type { CatalogContext } from '../context.ts';
import { columnsOf, identifier } from '../domain/columns.ts';
import { contentKey } from '../domain/dataset.ts';
import { isDataFile } from '../domain/sniff.ts';
import type { VersionRow } from '../store/tables.ts';

const previewBytes = 1_000_000;
const previewTimeoutMs = 30_000;
const cellChars = 300;

/** The rows of a version as the table `data`. */
function tableOf(folder: string, version: Pick<VersionRow, 'files' | 'format'>): QueryTable {
  if (version.format === null) throw new Error('A version without a format has no rows.');
  return { name: 'data', format: version.format, files: version.files.filter(isDataFile).map(file => `${folder}/${file.name}`) };
}

export interface RowsQuery {
  readonly sql: string;
  readonly signal: AbortSignal;
  readonly rowLimit?: number;
  readonly byteLimit?: number;
  readonly timeoutMs?: number;
}

/** Runs one query over the rows of a version, in a process of its own. */
export async function queryRows(context: CatalogContext, version: Pick<VersionRow, 'tenant' | 'content_id' | 'files' | 'format'>, query: RowsQuery): Promise<QueryResult> {
  const folder = await context.ports.store.materialize({ tenant: version.tenant, key: contentKey(version.content_id) });
  const table = tableOf(folder, version);
  try {
    return await context.ports.query.run({
      sql: query.sql,
      tables: [table],
      limits: {
        memoryMiB: context.config.STRATALAB_QUERY_MEMORY_MIB,
        timeoutMs: query.timeoutMs ?? previewTimeoutMs,
        rowLimit: query.rowLimit ?? 10_000,
        byteLimit: query.byteLimit ?? 16_000_000
      },
      signal: query.signal
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw withoutPaths(error, folder);
  }
}

/** The engine names files by where they lie here, and places in SQL that nobody wrote: neither is the reader's business. */
function withoutPaths(problem: Problem, folder: string): Problem {
  const clean = (text: string): string => text.replaceAll(`${folder}/`, '').replace(/ \(line \d+, column \d+\)$/, '');
  const { errors: _errors, cause: _cause, ...details } = problem.details;
  return new Problem(problem.code, { ...details, detail: clean(problem.message), cause: problem });
}

/** A page of rows. @throws invalid-request for a column it does not have; timed-out, unavailable */
export async function previewRows(
  context: CatalogContext,
  version: VersionRow,
  page: { readonly offset: number; readonly limit: number; readonly columns?: readonly string[] | undefined; readonly signal: AbortSignal }
): Promise<Preview> {
  const names = page.columns ?? version.columns.map(({ name }) => name);
  const unknown = names.find(name => !version.columns.some(column => column.name === name));
  if (unknown !== undefined) throw new Problem('invalid-request', { detail: `This version has no column ‘${unknown}’.` });
  const result = await queryRows(context, version, {
    sql: `select ${names.map(identifier).join(', ')} from data limit ${page.limit} offset ${page.offset}`,
    signal: page.signal,
    rowLimit: page.limit,
    byteLimit: previewBytes
  });
  return {
    columns: columnsOf(result.columns),
    rows: result.rows.map(row => row.map(shortened)),
    offset: page.offset,
    rowCount: version.row_count,
    isTruncated: result.isTruncated
  };
}

function shortened(cell: unknown): unknown {
  if (typeof cell === 'string' && cell.length > cellChars) return `${cell.slice(0, cellChars)}…`;
  if (typeof cell !== 'object' || cell === null) return cell;
  const text = JSON.stringify(cell);
  return text.length > cellChars ? `${text.slice(0, cellChars)}…` : cell;
}
