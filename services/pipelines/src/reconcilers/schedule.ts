import { newId, type Reconciler, type ServiceContext } from '@stratalab/kernel';
import { dueSlot } from '../domain/schedule.ts';
import type { PipelinesPorts } from '../ports.ts';
import { listScheduled, lockPipelineById, setNextRun } from '../store/pipeline-store.ts';
import { findRunRow, insertRun } from '../store/run-store.ts';
import { readPlan } from '../store/version-store.ts';
import { noteRunChange, scheduleKind, wakeRun } from '../usecases/note-change.ts';

/** Longest time between two looks at one schedule. */
const longestWaitMs = 60_000;

/** Asks for a run whenever a slot of a schedule has come; once per slot, however many processes do this. */
export function createScheduleReconciler(context: ServiceContext<PipelinesPorts>): Reconciler {
  return {
    kind: scheduleKind,
    list: listScheduled,
    async reconcile(step) {
      const now = context.clock.now();
      const next = await step.write(async tx => {
        const row = await lockPipelineById(tx, step.id);
        if (row === undefined || row.cron === null || row.time_zone === null || row.next_run_at === null || row.is_paused) return undefined;
        const due = dueSlot({ cron: row.cron, timeZone: row.time_zone }, row.next_run_at, { now, catchUp: row.catch_up });
        if (due.run !== undefined) {
          const id = newId();
          const run = {
            id,
            tenant: row.tenant,
            pipelineId: row.id,
            pipelineName: row.name,
            version: row.version,
            trigger: 'schedule' as const,
            logicalDate: due.run,
            createdBy: row.created_by
          };
          if (await insertRun(tx, { ...run, plan: await readPlan(tx, row.id, row.version) })) {
            const added = await findRunRow(tx, id);
            if (added !== undefined) await noteRunChange(tx, added);
            await wakeRun(tx, run);
          }
        }
        await setNextRun(tx, row.id, due.next ?? null);
        return due.next;
      });
      if (next === undefined) return { isDone: true };
      return { requeueAfterMs: Math.min(longestWaitMs, Math.max(0, Date.parse(next) - now.getTime())) };
    }
  };
}
