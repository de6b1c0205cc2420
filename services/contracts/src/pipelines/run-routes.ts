import { Type } from 'typebox';
import { closed, Id, ObjectName, page, PageQuery, Slug, TenantParams } from '../fields.ts';
import { route } from '../route.ts';
import { PipelineRun, RunLogLine, RunState, RunSummary } from './schemas.ts';

const inTenant = '/api/pipelines/v1/tenants/{tenant}' as const;
const RunParams = closed({ tenant: Slug, run: Id });

export const runPipeline = route({
  operationId: 'runPipeline',
  method: 'POST',
  path: `${inTenant}/pipelines/{pipeline}/runs`,
  summary: 'Run the newest version of a pipeline now',
  permission: 'pipeline:write',
  audit: 'pipeline.run',
  params: closed({ tenant: Slug, pipeline: ObjectName }),
  response: PipelineRun,
  status: 202,
  problems: ['quota-exceeded']
});
export const listRuns = route({
  operationId: 'listPipelineRuns',
  method: 'GET',
  path: `${inTenant}/runs`,
  summary: 'List runs, newest first',
  permission: 'pipeline:read',
  audit: false,
  params: TenantParams,
  query: closed({ ...PageQuery.properties, pipeline: Type.Optional(ObjectName), state: Type.Optional(RunState) }),
  response: page(RunSummary)
});
export const getRun = route({
  operationId: 'getPipelineRun',
  method: 'GET',
  path: `${inTenant}/runs/{run}`,
  summary: 'Read a run with its steps',
  permission: 'pipeline:read',
  audit: false,
  params: RunParams,
  response: PipelineRun
});
export const getRunLog = route({
  operationId: 'getPipelineRunLog',
  method: 'GET',
  path: `${inTenant}/runs/{run}/log`,
  summary: 'Read the log of a run, oldest first',
  permission: 'pipeline:read',
  audit: false,
  params: RunParams,
  query: closed({
    after: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Position of the last line already read' })),
    step: Type.Optional(Slug),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 500 }))
  }),
  response: closed({ items: Type.Array(RunLogLine) })
});
export const cancelRun = route({
  operationId: 'cancelPipelineRun',
  method: 'POST',
  path: `${inTenant}/runs/{run}/cancellation`,
  summary: 'Stop a run; what its steps already published stays',
  permission: 'pipeline:write',
  audit: 'pipeline-run.cancel',
  params: RunParams,
  response: PipelineRun,
  status: 202,
  problems: ['invalid-state']
});
export const rerunFromFailed = route({
  operationId: 'rerunPipelineRun',
  method: 'POST',
  path: `${inTenant}/runs/{run}/rerun`,
  summary: 'Run again what failed, was skipped or cancelled; outputs of steps that succeeded are used again',
  permission: 'pipeline:write',
  audit: 'pipeline.run',
  params: RunParams,
  response: PipelineRun,
  status: 202,
  problems: ['invalid-state', 'quota-exceeded']
});
