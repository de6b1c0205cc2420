import { Problem } from '@stratalab/contracts';
import type { DatasetReference, QueryAnswer } from '@stratalab/contracts/pipelines';
import type { Call, ServiceContext } from '@stratalab/kernel';
import type { PipelinesConfig } from '../config.ts';
import { previewQuery } from '../domain/preview-sql.ts';
import type { PipelinesPorts } from '../ports.ts';
import { readDatasetTables, type WantedDataset } from './dataset-tables.ts';
import { demandSound } from './examine-document.ts';

/** Most bytes of rows one answer holds. */
const byteLimit = 4 * 1024 * 1024;

/**
 * Runs one SELECT over datasets of the caller's tenant; tables that `datasets` does not name are datasets of the same name.
 * @throws invalid-input with the engine's message, or naming datasets that are not there; timed-out
 */
export async function runQuery(
  context: ServiceContext<PipelinesPorts>,
  call: Call,
  input: { readonly sql: string; readonly datasets?: readonly DatasetReference[] | undefined; readonly rowLimit: number; readonly config: PipelinesConfig }
): Promise<QueryAnswer> {
  const { tableNames } = await context.ports.queryEngine.inspect({ sql: input.sql, signal: call.signal });
  const given = (input.datasets ?? []).map(({ name, version, as }) => ({ name, as: as ?? name, version: version ?? null }));
  const known = new Set(given.map(({ as }) => as.toLowerCase()));
  const found = tableNames.filter(name => !known.has(name.toLowerCase())).map(name => ({ name, as: name, version: null }));
  return answer(context, call, { sql: input.sql, wanted: [...given, ...found], rowLimit: input.rowLimit, config: input.config });
}

/**
 * First rows of one step of a document; steps before it are computed in the same query, nothing is published.
 * @throws invalid-input when the document, the SQL or a dataset is not right
 */
export async function previewStep(
  context: ServiceContext<PipelinesPorts>,
  call: Call,
  input: { readonly document: string; readonly step: string; readonly rowLimit: number; readonly config: PipelinesConfig }
): Promise<QueryAnswer> {
  const { plan } = await demandSound(context.ports.queryEngine, input.document, { now: context.clock.now(), signal: call.signal });
  const step = plan.steps.find(({ name }) => name === input.step);
  if (step === undefined) throw new Problem('invalid-input', { detail: `The document has no step '${input.step}'.` });
  const query = previewQuery(plan, step);
  if (query.conflict !== undefined) {
    throw new Problem('invalid-input', {
      detail: `Two steps call different versions '${query.conflict}', so their rows cannot be shown in one preview.`,
      hint: "Give one of them another name with 'as', or run the pipeline."
    });
  }
  return answer(context, call, { sql: query.sql, wanted: query.inputs, rowLimit: input.rowLimit, config: input.config, linesBefore: query.linesBefore });
}

async function answer(
  context: ServiceContext<PipelinesPorts>,
  call: Call,
  request: { readonly sql: string; readonly wanted: readonly WantedDataset[]; readonly rowLimit: number; readonly config: PipelinesConfig; readonly linesBefore?: number }
): Promise<QueryAnswer> {
  const subject = call.actor.onBehalfOf ?? call.actor.subject;
  const datasets = await readDatasetTables(context, { tenant: call.tenant, subject, signal: call.signal }, request.wanted);
  const startedAt = context.clock.now().getTime();
  const { STRATALAB_QUERY_MEMORY_MIB: memoryMiB, STRATALAB_QUERY_SECONDS: seconds } = request.config;
  const result = await context.ports.queryEngine
    .run({
      sql: request.sql,
      tables: datasets.map(({ table }) => table),
      limits: { memoryMiB, timeoutMs: seconds * 1000, rowLimit: request.rowLimit, byteLimit },
      signal: call.signal
    })
    .catch((error: unknown) => {
      throw shifted(error, request.linesBefore ?? 0);
    });
  return {
    columns: result.columns.map(column => ({ ...column })),
    rows: result.rows.map(row => [...row]),
    rowCount: result.rowCount,
    isTruncated: result.isTruncated,
    datasets: datasets.map(({ table, urn }) => ({ table: table.name, urn })),
    durationMs: context.clock.now().getTime() - startedAt
  };
}

/** Lines that we put before the author's text are not counted. */
function shifted(error: unknown, linesBefore: number): unknown {
  if (!(error instanceof Problem) || linesBefore === 0 || error.details.errors === undefined) return error;
  const errors = error.details.errors.map(({ path, message }) => {
    const match = /^sql:(\d+):(\d+)$/.exec(path);
    return match === null ? { path, message } : { path: `sql:${Math.max(1, Number(match[1]) - linesBefore)}:${match[2] ?? '1'}`, message };
  });
  return new Problem(error.code, { ...error.details, detail: errors[0]?.message ?? error.message, errors });
}
