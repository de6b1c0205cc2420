import { Type } from 'typebox';
import { choice, closed, Id, ObjectName, page, PageQuery, Slug, Subject, TenantParams } from '../fields.ts';
import { route } from '../route.ts';
import { Explanation, Job, JobInput, JobState, JobSummary, JobTemplate, LogChunk, MetricSeries, Pool, ProgressReport, Queue } from './schemas.ts';

const inTenant = '/api/compute/v1/tenants/{tenant}';
const JobParams = closed({ tenant: Slug, job: Id });
const LogPart = Type.String({ pattern: '^([0-9]{1,3}|launcher)$', default: '0', description: 'A rank, or `launcher` for what torchrun or mpirun says itself' });
const bodyLimitBytes = 3 * 1024 * 1024;

export const submitJob = route({
  operationId: 'submitJob',
  method: 'POST',
  path: `${inTenant}/jobs`,
  summary: 'Put a job into the queue',
  permission: 'job:write',
  audit: 'job.submit',
  params: TenantParams,
  body: JobInput,
  response: Job,
  status: 201,
  problems: ['quota-exceeded'],
  bodyLimitBytes
});
export const listJobs = route({
  operationId: 'listJobs',
  method: 'GET',
  path: `${inTenant}/jobs`,
  summary: 'List jobs, newest first',
  permission: 'job:read',
  audit: false,
  params: TenantParams,
  query: closed({
    ...PageQuery.properties,
    createdBy: Type.Optional(Subject),
    state: Type.Optional(JobState),
    activity: Type.Optional(choice(['active', 'finished'], { description: 'active: queued, starting or running' })),
    search: Type.Optional(Type.String({ maxLength: 100, description: 'Part of the name' }))
  }),
  response: page(JobSummary)
});
export const getJob = route({
  operationId: 'getJob',
  method: 'GET',
  path: `${inTenant}/jobs/{job}`,
  summary: 'Read one job',
  permission: 'job:read',
  audit: false,
  params: JobParams,
  response: Job
});
export const cancelJob = route({
  operationId: 'cancelJob',
  method: 'POST',
  path: `${inTenant}/jobs/{job}/cancel`,
  summary: 'Stop a job: first it is asked to end, after the grace time it is killed',
  permission: 'job:write',
  audit: 'job.cancel',
  params: JobParams,
  query: closed({ ifWaiting: Type.Optional(Type.Boolean({ default: false, description: 'Only while it waits: a job that has started goes on (invalid-state)' })) }),
  response: Job,
  problems: ['invalid-state']
});
export const retryJob = route({
  operationId: 'retryJob',
  method: 'POST',
  path: `${inTenant}/jobs/{job}/retry`,
  summary: 'Run a finished job again, as a new job with the same code, inputs and outputs',
  permission: 'job:write',
  audit: 'job.retry',
  params: JobParams,
  response: Job,
  status: 201,
  problems: ['invalid-state', 'quota-exceeded']
});
export const deleteJob = route({
  operationId: 'deleteJob',
  method: 'DELETE',
  path: `${inTenant}/jobs/{job}`,
  summary: 'Delete a finished job with its logs; what it published stays',
  permission: 'job:write',
  audit: 'job.delete',
  params: JobParams,
  problems: ['invalid-state']
});

export const getJobLog = route({
  operationId: 'getJobLog',
  method: 'GET',
  path: `${inTenant}/jobs/{job}/log`,
  summary: 'Read a piece of the log of one process',
  permission: 'job:read',
  audit: false,
  params: JobParams,
  query: closed({
    rank: Type.Optional(LogPart),
    offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'bytes' })),
    limitBytes: Type.Optional(Type.Integer({ minimum: 1024, maximum: 1_048_576, default: 262_144 }))
  }),
  response: LogChunk
});
export const followJobLog = route({
  operationId: 'followJobLog',
  method: 'GET',
  path: `${inTenant}/jobs/{job}/log/stream`,
  summary: 'Follow the log of one process as server-sent events (`log` with a chunk, `end` with the job); the event id is the next offset',
  permission: 'job:read',
  audit: false,
  kind: 'stream',
  params: JobParams,
  query: closed({ rank: Type.Optional(LogPart), offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'bytes' })) })
});
export const reportProgress = route({
  operationId: 'reportProgress',
  method: 'POST',
  path: `${inTenant}/jobs/{job}/progress`,
  summary: 'Report progress and metrics from inside a job, with the token of the job',
  permission: 'job:report',
  audit: 'job.report',
  params: JobParams,
  body: ProgressReport,
  problems: ['invalid-state']
});
export const listJobMetrics = route({
  operationId: 'listJobMetrics',
  method: 'GET',
  path: `${inTenant}/jobs/{job}/metrics`,
  summary: 'Metrics of a job as series, thinned to at most `points` each',
  permission: 'job:read',
  audit: false,
  params: JobParams,
  query: closed({ points: Type.Optional(Type.Integer({ minimum: 10, maximum: 2000, default: 500 })) }),
  response: closed({ items: Type.Array(MetricSeries) })
});

export const getQueue = route({
  operationId: 'getQueue',
  method: 'GET',
  path: `${inTenant}/queue`,
  summary: 'Waiting jobs in their order, with the reason of each',
  permission: 'job:read',
  audit: false,
  params: TenantParams,
  response: Queue
});
export const getPool = route({
  operationId: 'getPool',
  method: 'GET',
  path: '/api/compute/v1/pool',
  summary: 'The machines jobs run on: what is used, free and of no use for the usual job, and who uses it',
  permission: 'platform:administer',
  audit: false,
  query: closed({
    ...PageQuery.properties,
    cpu: Type.Optional(Type.Number({ minimum: 0.1, maximum: 1024, description: 'Cores of a usual process; what was asked for most lately when absent' })),
    memoryMiB: Type.Optional(Type.Integer({ minimum: 64, maximum: 16_777_216 })),
    gpu: Type.Optional(Type.Integer({ minimum: 0, maximum: 64 }))
  }),
  response: Pool,
  problems: ['unavailable']
});
export const explainJob = route({
  operationId: 'explainJob',
  method: 'GET',
  path: `${inTenant}/jobs/{job}/explanation`,
  summary: 'Why a job is where it is, and what would start it now',
  permission: 'job:read',
  audit: false,
  params: JobParams,
  response: Explanation
});

export const listJobTemplates = route({
  operationId: 'listJobTemplates',
  method: 'GET',
  path: `${inTenant}/job-templates`,
  summary: 'List saved jobs',
  permission: 'job:read',
  audit: false,
  params: TenantParams,
  query: PageQuery,
  response: page(JobTemplate)
});
export const saveJobTemplate = route({
  operationId: 'saveJobTemplate',
  method: 'PUT',
  path: `${inTenant}/job-templates/{template}`,
  summary: 'Save a job under a name, to run it again and again',
  permission: 'job:write',
  audit: 'job-template.save',
  params: closed({ tenant: Slug, template: ObjectName }),
  body: closed({ description: Type.Optional(Type.String({ maxLength: 1000 })), job: JobInput }),
  response: JobTemplate,
  bodyLimitBytes
});
export const deleteJobTemplate = route({
  operationId: 'deleteJobTemplate',
  method: 'DELETE',
  path: `${inTenant}/job-templates/{template}`,
  summary: 'Delete a saved job',
  permission: 'job:write',
  audit: 'job-template.delete',
  params: closed({ tenant: Slug, template: ObjectName })
});

export const computeRoutes = {
  submitJob,
  listJobs,
  getJob,
  cancelJob,
  retryJob,
  deleteJob,
  getJobLog,
  followJobLog,
  reportProgress,
  listJobMetrics,
  getQueue,
  getPool,
  explainJob,
  listJobTemplates,
  saveJobTemplate,
  deleteJobTemplate
};
