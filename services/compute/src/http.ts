import { Problem } from '@stratalab/contracts';
import type { computeRoutes } from '@stratalab/contracts/compute';
import type { Handlers, ServiceContext } from '@stratalab/kernel';
import { streamLog } from './log-stream.ts';
import type { ComputePorts } from './ports.ts';
import { findJob, listJobPage } from './store/job-store.ts';
import { readMetrics } from './store/metric-store.ts';
import { listTemplatePage } from './store/template-store.ts';
import { cancelJob, deleteJob, retryJob } from './usecases/change-job.ts';
import { readJobLog } from './usecases/read-log.ts';
import { getPool } from './usecases/read-pool.ts';
import { readJob } from './usecases/read-job.ts';
import { explainJob, getQueue } from './usecases/read-queue.ts';
import { reportProgress } from './usecases/report-progress.ts';
import { submitJob } from './usecases/submit-job.ts';
import { deleteTemplate, saveTemplate } from './usecases/templates.ts';

const defaultLimit = 50;
const defaultPoints = 500;
const defaultLogBytes = 262_144;

/** Binds the routes of `compute` to its use cases. */
export function createHandlers(context: ServiceContext<ComputePorts>): Handlers<typeof computeRoutes> {
  const { clock, database } = context;
  const { runtime } = context.ports;
  const queue = { runtime, database, clock, clientFor: context.clientFor };
  return {
    submitJob: (call, { body }) => submitJob(context, call, { input: body }),
    listJobs: (call, { query }) => call.read(tx => listJobPage(tx, { ...query, tenant: call.tenant, limit: query.limit ?? defaultLimit })),
    getJob: (call, { params }) => readJob(call, params.job),
    cancelJob: (call, { params, query }) => cancelJob(clock.now(), call, { id: params.job, ifWaiting: query.ifWaiting === true }),
    retryJob: (call, { params }) => retryJob(context, call, params.job),
    deleteJob: (call, { params }) => deleteJob(call, params.job),
    getJobLog: (call, { params, query }) =>
      readJobLog(runtime, call, { id: params.job, rank: query.rank ?? '0', offset: query.offset ?? 0, limitBytes: query.limitBytes ?? defaultLogBytes }),
    followJobLog: streamLog(runtime),
    reportProgress: (call, { params, body }) => reportProgress(clock.now(), call, { id: params.job, report: body }),
    async listJobMetrics(call, { params, query }) {
      if ((await call.read(tx => findJob(tx, call.tenant, params.job))) === undefined) throw new Problem('not-found');
      return { items: await call.read(tx => readMetrics(tx, { tenant: call.tenant, job: params.job, points: query.points ?? defaultPoints })) };
    },
    getQueue: call => getQueue(queue, call),
    getPool: (_call, { query }) => getPool(queue, query),
    explainJob: (call, { params }) => explainJob(queue, call, params.job),
    listJobTemplates: (call, { query }) => call.read(tx => listTemplatePage(tx, { ...query, tenant: call.tenant, limit: query.limit ?? defaultLimit })),
    saveJobTemplate: (call, { params, body }) => saveTemplate(call, { name: params.template, description: body.description, job: body.job }),
    deleteJobTemplate: (call, { params }) => deleteTemplate(call, params.template)
  };
}
