import { formatUrn, Problem } from '@stratalab/contracts';
import type { Pipeline } from '@stratalab/contracts/pipelines';
import type { Call, ServiceContext } from '@stratalab/kernel';
import type { PipelinesPorts } from '../ports.ts';
import { addVersion, lockPipelineRow, readPipeline, setPaused } from '../store/pipeline-store.ts';
import { demandSound } from './examine-document.ts';
import { notePipelineChange } from './note-change.ts';

/**
 * Keeps a document as the next version; runs that were asked for before keep theirs.
 * @throws conflict when `baseVersion` is not the newest: somebody else saved meanwhile; invalid-input with every problem of the document
 */
export async function updatePipeline(
  context: ServiceContext<PipelinesPorts>,
  call: Call,
  input: { readonly name: string; readonly document: string; readonly baseVersion: number; readonly note: string | undefined }
): Promise<Pipeline> {
  const now = context.clock.now();
  const sound = await demandSound(context.ports.queryEngine, input.document, { now, signal: call.signal });
  if (sound.definition.name !== input.name) {
    throw new Problem('invalid-input', {
      detail: `The name in the document ('${sound.definition.name}') is not the name of this pipeline ('${input.name}').`,
      hint: 'A pipeline keeps its name; create a new one for another name.',
      errors: [{ path: 'name', message: `must stay '${input.name}'` }]
    });
  }
  return call.commit(
    async tx => {
      const row = await lockPipelineRow(tx, call.tenant, input.name);
      if (row === undefined) throw new Problem('not-found', { detail: `There is no pipeline '${input.name}'.` });
      if (row.version !== input.baseVersion) {
        throw new Problem('conflict', {
          detail: `Version ${row.version} was saved while you worked on version ${input.baseVersion}.`,
          hint: 'Compare the two versions, then save again on top of the newest one.'
        });
      }
      const updated = await addVersion(tx, row, { ...sound, now, document: input.document, note: input.note ?? null, createdBy: call.actor.subject });
      await notePipelineChange(tx, updated, { change: 'updated', subject: call.actor.subject });
      return readPipeline(tx, updated, now);
    },
    () => formatUrn({ tenant: call.tenant, kind: 'pipeline', name: input.name })
  );
}

/** Stops or starts the schedule; a schedule that starts again counts from now. Idempotent. */
export async function setPipelinePaused(context: ServiceContext<PipelinesPorts>, call: Call, input: { readonly name: string; readonly isPaused: boolean }): Promise<Pipeline> {
  const now = context.clock.now();
  return call.commit(
    async tx => {
      const row = await lockPipelineRow(tx, call.tenant, input.name);
      if (row === undefined) throw new Problem('not-found', { detail: `There is no pipeline '${input.name}'.` });
      if (row.is_paused === input.isPaused) return readPipeline(tx, row, now);
      const updated = await setPaused(tx, row, input.isPaused, now);
      await notePipelineChange(tx, updated, { change: input.isPaused ? 'paused' : 'resumed', subject: call.actor.subject });
      return readPipeline(tx, updated, now);
    },
    () => formatUrn({ tenant: call.tenant, kind: 'pipeline', name: input.name })
  );
}
