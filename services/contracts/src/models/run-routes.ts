import { Type } from 'typebox';
import { closed, Description, Id, page, PageQuery, Slug, TenantParams } from '../fields.ts';
import { route } from '../route.ts';
import { ArtifactEntry, Experiment, ExperimentId, MetricHistory, Run, RunDetail } from './schemas.ts';

const inTenant = '/api/models/v1/tenants/{tenant}' as const;
const ofRun = closed({ tenant: Slug, run: Id });
const ofExperiment = closed({ tenant: Slug, experiment: ExperimentId });
const artifactPath = Type.String({ minLength: 1, maxLength: 1000 });

export const listExperiments = route({
  operationId: 'listExperiments',
  method: 'GET',
  path: `${inTenant}/experiments`,
  summary: 'List experiments, the one with the newest run first',
  permission: 'run:read',
  audit: false,
  params: TenantParams,
  query: closed({ ...PageQuery.properties, search: Type.Optional(Type.String({ maxLength: 200 })) }),
  response: page(Experiment)
});
export const createExperiment = route({
  operationId: 'createExperiment',
  method: 'POST',
  path: `${inTenant}/experiments`,
  summary: 'Create an experiment',
  permission: 'run:write',
  audit: 'experiment.create',
  params: TenantParams,
  body: closed({ name: Type.String({ minLength: 1, maxLength: 500 }), description: Type.Optional(Description) }),
  response: Experiment,
  status: 201,
  problems: ['already-exists']
});
export const getExperiment = route({
  operationId: 'getExperiment',
  method: 'GET',
  path: `${inTenant}/experiments/{experiment}`,
  summary: 'Read one experiment',
  permission: 'run:read',
  audit: false,
  params: ofExperiment,
  response: Experiment
});
export const deleteExperiment = route({
  operationId: 'deleteExperiment',
  method: 'DELETE',
  path: `${inTenant}/experiments/{experiment}`,
  summary: 'Move an experiment and its runs out of sight; an MLflow client can restore it',
  permission: 'run:write',
  audit: 'experiment.delete',
  params: ofExperiment,
  problems: ['invalid-state']
});
export const listRuns = route({
  operationId: 'listRuns',
  method: 'GET',
  path: `${inTenant}/runs`,
  summary: 'List runs, newest first unless ordered otherwise',
  permission: 'run:read',
  audit: false,
  params: TenantParams,
  query: closed({
    ...PageQuery.properties,
    experiment: Type.Optional(ExperimentId),
    filter: Type.Optional(Type.String({ maxLength: 2000, description: "As MLflow's search_runs: metrics.loss < 0.2 and params.depth = '3'" })),
    order: Type.Optional(Type.String({ maxLength: 300, description: 'metrics.loss asc; attributes.start_time desc; …' }))
  }),
  response: page(Run)
});
export const getRun = route({
  operationId: 'getRun',
  method: 'GET',
  path: `${inTenant}/runs/{run}`,
  summary: 'Everything a run recorded, except the history of its metrics',
  permission: 'run:read',
  audit: false,
  params: ofRun,
  response: RunDetail
});
export const deleteRun = route({
  operationId: 'deleteRun',
  method: 'DELETE',
  path: `${inTenant}/runs/{run}`,
  summary: 'Move a run out of sight; an MLflow client can restore it',
  permission: 'run:write',
  audit: 'run.delete',
  params: ofRun
});
export const getMetricHistory = route({
  operationId: 'getMetricHistory',
  method: 'GET',
  path: `${inTenant}/runs/{run}/metric-history`,
  summary: 'History of one metric, sampled to the asked number of points',
  permission: 'run:read',
  audit: false,
  params: ofRun,
  query: closed({
    key: Type.String({ minLength: 1, maxLength: 250 }),
    points: Type.Optional(Type.Integer({ minimum: 10, maximum: 5000, default: 1000, description: 'Most points to answer' }))
  }),
  response: MetricHistory
});
export const listRunArtifacts = route({
  operationId: 'listRunArtifacts',
  method: 'GET',
  path: `${inTenant}/runs/{run}/artifacts`,
  summary: 'List the files of one folder of a run',
  permission: 'run:read',
  audit: false,
  params: ofRun,
  query: closed({ path: Type.Optional(artifactPath) }),
  response: closed({ items: Type.Array(ArtifactEntry) })
});
export const readRunArtifact = route({
  operationId: 'readRunArtifact',
  method: 'GET',
  path: `${inTenant}/runs/{run}/artifact-content`,
  summary: 'Download one file of a run',
  permission: 'run:read',
  audit: false,
  kind: 'stream',
  params: ofRun,
  query: closed({ path: artifactPath })
});

export const runRoutes = {
  listExperiments,
  createExperiment,
  getExperiment,
  deleteExperiment,
  listRuns,
  getRun,
  deleteRun,
  getMetricHistory,
  listRunArtifacts,
  readRunArtifact
};
