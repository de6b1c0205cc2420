import { formatUrn } from '@stratalab/contracts';
import { appendEvent, wake, type Tx } from '@stratalab/kernel';
import type { PipelineRow } from '../store/pipeline-store.ts';
import { runUrnOf, type RunRow } from '../store/run-store.ts';

export const scheduleKind = 'pipeline-schedule';
export const runKind = 'pipeline-run';

/** Records that a pipeline changed and lets its schedule be looked at. */
export async function notePipelineChange(
  tx: Tx,
  row: PipelineRow,
  fact: { readonly change: 'created' | 'updated' | 'paused' | 'resumed' | 'deleted'; readonly subject?: string }
): Promise<void> {
  await appendEvent(tx, {
    name: 'pipeline.changed.v1',
    tenant: row.tenant,
    ...(fact.subject === undefined ? {} : { subject: fact.subject }),
    urn: formatUrn({ tenant: row.tenant, kind: 'pipeline', name: row.name }),
    data: { pipeline: row.name, version: row.version, change: fact.change }
  });
  await wake(tx, { kind: scheduleKind, objectId: row.id, tenant: row.tenant });
}

/** Records that a run (or one of its steps) changed; says so once more, under its own name, when it ended. */
export async function noteRunChange(tx: Tx, row: RunRow): Promise<void> {
  const data = { run: row.id, name: row.pipeline_name, pipeline: row.pipeline_name, state: row.state };
  const event = { tenant: row.tenant, subject: row.created_by, urn: runUrnOf(row), data };
  await appendEvent(tx, { name: 'pipeline-run.changed.v1', ...event });
  if (row.state !== 'queued' && row.state !== 'running') await appendEvent(tx, { name: 'pipeline-run.finished.v1', ...event });
}

/** Lets a run be looked at; `delayMs` from now when given. */
export async function wakeRun(tx: Tx, run: { readonly id: string; readonly tenant: string }, delayMs = 0): Promise<void> {
  await wake(tx, { kind: runKind, objectId: run.id, tenant: run.tenant, delayMs });
}
