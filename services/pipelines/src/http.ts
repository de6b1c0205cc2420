import type { pipelinesRoutes } from '@stratalab/contracts/pipelines';
import type { Handlers, ServiceContext } from '@stratalab/kernel';
import type { PipelinesConfig } from './config.ts';
import type { PipelinesPorts } from './ports.ts';
import { listPipelinePage } from './store/pipeline-store.ts';
import { listRunPage } from './store/run-store.ts';
import { createPipeline } from './usecases/create-pipeline.ts';
import { deletePipeline } from './usecases/delete-pipeline.ts';
import { comparePipelineVersions, getPipeline, getPipelineVersion, getRun, getRunLog, listPipelineVersions } from './usecases/read-pipelines.ts';
import { cancelRun, rerunFromFailed, runPipeline } from './usecases/run-pipeline.ts';
import { previewStep, runQuery } from './usecases/run-query.ts';
import { setPipelinePaused, updatePipeline } from './usecases/update-pipeline.ts';
import { validatePipeline } from './usecases/validate-pipeline.ts';

const defaultLimit = 50;
const defaultLogLines = 500;
const previewRows = 100;
const queryRows = 1000;

/** Binds the routes of `pipelines` to its use cases. */
export function createHandlers(context: ServiceContext<PipelinesPorts>, config: PipelinesConfig): Handlers<typeof pipelinesRoutes> {
  return {
    listPipelines: (call, { query }) =>
      call.read(tx => listPipelinePage(tx, { tenant: call.tenant, search: query.search, cursor: query.cursor, limit: query.limit ?? defaultLimit })),
    createPipeline: (call, { body }) => createPipeline(context, call, { document: body.document, note: body.note }),
    getPipeline: (call, { params }) => getPipeline(call, params.pipeline, context.clock.now()),
    updatePipeline: (call, { params, body }) => updatePipeline(context, call, { name: params.pipeline, document: body.document, baseVersion: body.baseVersion, note: body.note }),
    deletePipeline: (call, { params }) => deletePipeline(call, params.pipeline),
    setPipelinePaused: (call, { params, body }) => setPipelinePaused(context, call, { name: params.pipeline, isPaused: body.isPaused }),
    listPipelineVersions: (call, { params, query }) => listPipelineVersions(call, { name: params.pipeline, cursor: query.cursor, limit: query.limit ?? defaultLimit }),
    getPipelineVersion: (call, { params }) => getPipelineVersion(call, params.pipeline, params.version),
    comparePipelineVersions: (call, { params, query }) => comparePipelineVersions(call, params.pipeline, query),
    validatePipeline: (call, { body }) => validatePipeline(context, call, { document: body.document, config }),
    previewStep: (call, { body }) => previewStep(context, call, { document: body.document, step: body.step, rowLimit: body.rowLimit ?? previewRows, config }),
    runQuery: (call, { body }) => runQuery(context, call, { sql: body.sql, datasets: body.datasets, rowLimit: body.rowLimit ?? queryRows, config }),
    runPipeline: (call, { params }) => runPipeline(context, call, params.pipeline),
    listRuns: (call, { query }) =>
      call.read(tx => listRunPage(tx, { tenant: call.tenant, pipeline: query.pipeline, state: query.state, cursor: query.cursor, limit: query.limit ?? defaultLimit })),
    getRun: (call, { params }) => getRun(call, params.run),
    getRunLog: (call, { params, query }) => getRunLog(call, params.run, { after: query.after ?? 0, step: query.step, limit: query.limit ?? defaultLogLines }),
    cancelRun: (call, { params }) => cancelRun(call, params.run),
    rerunFromFailed: (call, { params }) => rerunFromFailed(context, call, params.run)
  };
}
