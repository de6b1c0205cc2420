import { wake, type Subscription, type Tx } from '@stratalab/kernel';
import { addLogLine } from '../store/log-store.ts';
import { resumeSchedules, stopSchedules } from '../store/pipeline-store.ts';
import { listLivingRunsOf, setRun } from '../store/run-store.ts';
import { scheduleKind, wakeRun } from '../usecases/note-change.ts';

/** In a closed tenant nothing runs and no schedule comes; in one that was opened again schedules go on with their next slot, and what was missed stays missed. */
export function createClosedTenantSubscription(now: () => Date): Subscription {
  return {
    consumer: 'pipelines/closed-tenants',
    events: ['tenant.closed.v1', 'tenant.changed.v1'],
    async handle(tx, event) {
      if (event.name === 'tenant.closed.v1') return close(tx, event.tenant);
      if (event.data['state'] !== 'active') return;
      for (const { id } of await resumeSchedules(tx, event.tenant, now())) await wake(tx, { kind: scheduleKind, objectId: id, tenant: event.tenant });
    }
  };
}

async function close(tx: Tx, tenant: string): Promise<void> {
  await stopSchedules(tx, tenant);
  for (const run of await listLivingRunsOf(tx, tenant)) {
    if (run.is_cancel_requested) continue;
    await addLogLine(tx, { tenant, runId: run.id, level: 'error', text: 'The tenant was closed: the run is stopped.' });
    await setRun(tx, run.id, { isCancelRequested: true });
    await wakeRun(tx, run);
  }
}
