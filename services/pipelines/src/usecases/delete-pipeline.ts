import { formatUrn, Problem } from '@stratalab/contracts';
import type { Call } from '@stratalab/kernel';
import { deletePipelineRow, lockPipelineRow } from '../store/pipeline-store.ts';
import { listLivingRuns } from '../store/run-store.ts';
import { notePipelineChange } from './note-change.ts';

/**
 * Deletes a pipeline with its versions and runs; datasets it made stay.
 * @throws in-use while a run of it is queued or running
 */
export async function deletePipeline(call: Call, name: string): Promise<void> {
  await call.commit(
    async tx => {
      const row = await lockPipelineRow(tx, call.tenant, name);
      if (row === undefined) throw new Problem('not-found', { detail: `There is no pipeline '${name}'.` });
      const living = await listLivingRuns(tx, row.id);
      if (living.length > 0) {
        throw new Problem('in-use', {
          detail: `${living.length} ${living.length === 1 ? 'run' : 'runs'} of '${name}' did not end yet.`,
          hint: 'Wait until they end, or cancel them.'
        });
      }
      await notePipelineChange(tx, row, { change: 'deleted', subject: call.actor.subject });
      await deletePipelineRow(tx, row.id);
    },
    () => formatUrn({ tenant: call.tenant, kind: 'pipeline', name })
  );
}
