import { wakeAll, type Subscription } from '@stratalab/kernel';
import { sampleTemplates } from './domain/sample-templates.ts';
import { jobKind, wakeQueue } from './store/job-events.ts';
import { activeStates } from './store/job-store.ts';
import { tables } from './store/tables.ts';
import { upsertTemplate } from './store/template-store.ts';
import { askToEnd } from './usecases/change-job.ts';

/** A sample tenant gets its saved jobs once, when it is made. */
export const seedTemplates: Subscription = {
  consumer: 'compute/seed-templates',
  events: ['tenant.created.v1'],
  async handle(tx, { tenant, data }) {
    if (data['isSample'] !== true) return;
    for (const { name, description, job } of sampleTemplates) await upsertTemplate(tx, { tenant, name, description, job, createdBy: 'service:compute', isSample: true });
  }
};

/** Whoever waits for quota is looked at when a limit changes. */
export const watchQuotas: Subscription = {
  consumer: 'compute/watch-quotas',
  events: ['quota.changed.v1'],
  handle: (tx, { tenant }) => wakeQueue(tx, tenant)
};

/** In a closed tenant nothing runs: its jobs are cancelled, what they made and said is kept. */
export const stopWithTenant: Subscription = {
  consumer: 'compute/stop-with-tenant',
  events: ['tenant.closed.v1'],
  async handle(tx, { tenant, subject }) {
    const jobs = await tables(tx).selectFrom('compute.job').select('id').where('tenant', '=', tenant).where('state', 'in', activeStates).execute();
    for (const { id } of jobs) await askToEnd(tx, { tenant, id, by: subject ?? 'the platform', now: new Date() });
  }
};

/** With its tenant go all jobs: what runs is stopped, what is on disk is removed. */
export const removeWithTenant: Subscription = {
  consumer: 'compute/remove-with-tenant',
  events: ['tenant.deleted.v1'],
  async handle(tx, { tenant }) {
    const jobs = await tables(tx).deleteFrom('compute.job').where('tenant', '=', tenant).returning(['id', 'tenant']).execute();
    await wakeAll(tx, jobKind, jobs);
    await tables(tx).deleteFrom('compute.template').where('tenant', '=', tenant).execute();
  }
};
