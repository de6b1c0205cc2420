import { formatUrn, Problem } from '@stratalab/contracts';
import type { Pipeline } from '@stratalab/contracts/pipelines';
import { newId, type Call, type ServiceContext } from '@stratalab/kernel';
import type { PipelinesPorts } from '../ports.ts';
import { insertPipeline, readPipeline } from '../store/pipeline-store.ts';
import { demandSound } from './examine-document.ts';
import { notePipelineChange } from './note-change.ts';

/**
 * Keeps a new pipeline; its schedule counts from now.
 * @throws invalid-input with every problem of the document; already-exists when the tenant has a pipeline of this name
 */
export async function createPipeline(
  context: ServiceContext<PipelinesPorts>,
  call: Call,
  input: { readonly document: string; readonly note: string | undefined }
): Promise<Pipeline> {
  const now = context.clock.now();
  const sound = await demandSound(context.ports.queryEngine, input.document, { now, signal: call.signal });
  return call.commit(
    async tx => {
      const row = await insertPipeline(tx, {
        ...sound,
        now,
        id: newId(),
        tenant: call.tenant,
        isSample: false,
        document: input.document,
        note: input.note ?? null,
        createdBy: call.actor.subject
      });
      if (row === undefined)
        throw new Problem('already-exists', { detail: `This tenant has a pipeline '${sound.definition.name}'.`, hint: 'Choose another name, or change that pipeline.' });
      await notePipelineChange(tx, row, { change: 'created', subject: call.actor.subject });
      return readPipeline(tx, row, now);
    },
    pipeline => formatUrn({ tenant: call.tenant, kind: 'pipeline', name: pipeline.name })
  );
}
