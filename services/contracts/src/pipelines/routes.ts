import { Type } from 'typebox';
import { closed, ObjectName, page, PageQuery, Slug, TenantParams } from '../fields.ts';
import { route } from '../route.ts';
import { cancelRun, getRun, getRunLog, listRuns, rerunFromFailed, runPipeline } from './run-routes.ts';
import { DatasetReference, DiffLine, DocumentText, Pipeline, PipelineSummary, PipelineVersion, PipelineVersionSummary, QueryAnswer, Validation } from './schemas.ts';

const inTenant = '/api/pipelines/v1/tenants/{tenant}' as const;
const PipelineParams = closed({ tenant: Slug, pipeline: ObjectName });
const VersionNumber = Type.Integer({ minimum: 1 });
const Note = Type.Optional(Type.String({ maxLength: 500, description: 'Why it was changed' }));

export const listPipelines = route({
  operationId: 'listPipelines',
  method: 'GET',
  path: `${inTenant}/pipelines`,
  summary: 'List pipelines, newest change first',
  permission: 'pipeline:read',
  audit: false,
  params: TenantParams,
  query: closed({ ...PageQuery.properties, search: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name or description' })) }),
  response: page(PipelineSummary)
});
export const createPipeline = route({
  operationId: 'createPipeline',
  method: 'POST',
  path: `${inTenant}/pipelines`,
  summary: 'Create a pipeline from its document',
  permission: 'pipeline:write',
  audit: 'pipeline.create',
  params: TenantParams,
  body: closed({ document: DocumentText, note: Note }),
  response: Pipeline,
  status: 201,
  problems: ['already-exists', 'invalid-input']
});
export const getPipeline = route({
  operationId: 'getPipeline',
  method: 'GET',
  path: `${inTenant}/pipelines/{pipeline}`,
  summary: 'Read a pipeline with its newest document',
  permission: 'pipeline:read',
  audit: false,
  params: PipelineParams,
  response: Pipeline
});
export const updatePipeline = route({
  operationId: 'updatePipeline',
  method: 'PUT',
  path: `${inTenant}/pipelines/{pipeline}`,
  summary: 'Keep a new version of the document; refused when it was not made from the newest version',
  permission: 'pipeline:write',
  audit: 'pipeline.update',
  params: PipelineParams,
  body: closed({ document: DocumentText, baseVersion: VersionNumber, note: Note }),
  response: Pipeline,
  problems: ['conflict', 'invalid-input']
});
export const deletePipeline = route({
  operationId: 'deletePipeline',
  method: 'DELETE',
  path: `${inTenant}/pipelines/{pipeline}`,
  summary: 'Delete a pipeline with its versions and runs; what it made stays',
  permission: 'pipeline:write',
  audit: 'pipeline.delete',
  params: PipelineParams,
  problems: ['in-use']
});
export const setPipelinePaused = route({
  operationId: 'setPipelinePaused',
  method: 'PUT',
  path: `${inTenant}/pipelines/{pipeline}/paused`,
  summary: 'Pause or resume the schedule',
  permission: 'pipeline:write',
  audit: 'pipeline.pause',
  params: PipelineParams,
  body: closed({ isPaused: Type.Boolean() }),
  response: Pipeline
});
export const listPipelineVersions = route({
  operationId: 'listPipelineVersions',
  method: 'GET',
  path: `${inTenant}/pipelines/{pipeline}/versions`,
  summary: 'List the versions of a document, newest first',
  permission: 'pipeline:read',
  audit: false,
  params: PipelineParams,
  query: PageQuery,
  response: page(PipelineVersionSummary)
});
export const getPipelineVersion = route({
  operationId: 'getPipelineVersion',
  method: 'GET',
  path: `${inTenant}/pipelines/{pipeline}/versions/{version}`,
  summary: 'Read one version of a document',
  permission: 'pipeline:read',
  audit: false,
  params: closed({ tenant: Slug, pipeline: ObjectName, version: VersionNumber }),
  response: PipelineVersion
});
export const comparePipelineVersions = route({
  operationId: 'comparePipelineVersions',
  method: 'GET',
  path: `${inTenant}/pipelines/{pipeline}/comparison`,
  summary: 'Lines added and removed between two versions',
  permission: 'pipeline:read',
  audit: false,
  params: PipelineParams,
  query: closed({ from: VersionNumber, to: VersionNumber }),
  response: closed({ lines: Type.Array(DiffLine) })
});

export const validatePipeline = route({
  operationId: 'validatePipeline',
  method: 'POST',
  path: `${inTenant}/validations`,
  summary: 'Check a document: form, cycles, schedule, SQL and the datasets it reads; changes nothing',
  permission: 'pipeline:read',
  audit: false,
  params: TenantParams,
  body: closed({ document: DocumentText }),
  response: Validation
});
export const previewStep = route({
  operationId: 'previewStep',
  method: 'POST',
  path: `${inTenant}/previews`,
  summary: 'First rows of a step of a document, computed now; nothing is kept',
  permission: 'dataset:read',
  audit: false,
  params: TenantParams,
  body: closed({ document: DocumentText, step: Slug, rowLimit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })) }),
  response: QueryAnswer,
  problems: ['invalid-input', 'timed-out', 'unavailable']
});
export const runQuery = route({
  operationId: 'runQuery',
  method: 'POST',
  path: `${inTenant}/queries`,
  summary: 'Run one SELECT over catalogued datasets; each is a table of its own name',
  permission: 'dataset:read',
  audit: false,
  params: TenantParams,
  body: closed({
    sql: Type.String({ minLength: 1, maxLength: 50_000 }),
    datasets: Type.Optional(Type.Array(DatasetReference, { maxItems: 50, description: 'Fixed versions and other table names; the rest is found in the SQL' })),
    rowLimit: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, default: 1000 }))
  }),
  response: QueryAnswer,
  problems: ['invalid-input', 'timed-out', 'unavailable']
});

export const pipelinesRoutes = {
  listPipelines,
  createPipeline,
  getPipeline,
  updatePipeline,
  deletePipeline,
  setPipelinePaused,
  listPipelineVersions,
  getPipelineVersion,
  comparePipelineVersions,
  validatePipeline,
  previewStep,
  runQuery,
  runPipeline,
  listRuns,
  getRun,
  getRunLog,
  cancelRun,
  rerunFromFailed
};
