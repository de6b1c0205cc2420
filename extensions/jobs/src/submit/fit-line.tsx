import type { Queue } from '@stratalab/contracts/compute';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { resourceWords } from '../job/job-details';
import type { JobDraft } from './job-draft';

export interface FitLineProps {
  readonly draft: JobDraft;
  /** Absent until it is known. */
  readonly queue: Queue | undefined;
  readonly insteadOf?: string | undefined;
}

/** Says before the job is sent what it needs in all and whether it would start at once; the one in whose place it is sent is not before it. */
export function FitLine({ draft, queue, insteadOf }: FitLineProps): React.JSX.Element {
  const texts = useTexts();
  const needs = { cpu: draft.cpu * draft.processes, memoryMiB: draft.memoryMiB * draft.processes, gpu: draft.gpu * draft.processes };
  const words = Object.values(needs).every(Number.isFinite) ? texts.__('Needs %1.', resourceWords(needs, texts)) : '';
  return (
    <p className="jp-Strata-caption" role="status">
      {words} {queue !== undefined && verdict(needs, without(queue, insteadOf), texts)}
    </p>
  );
}

function without(queue: Queue, id: string | undefined): Queue {
  return { ...queue, items: queue.items.filter(item => item.id !== id) };
}

type Amounts = { readonly cpu: number; readonly memoryMiB: number; readonly gpu: number };

/** "It would start at once", "It would wait", or why it can never run here. */
export function verdict(
  needs: Amounts,
  queue: { readonly total: Amounts; readonly free: Amounts; readonly items: readonly unknown[]; readonly othersWaiting: number },
  texts: ReturnType<typeof useTexts>
): string {
  const fits = (room: Amounts): boolean => needs.cpu <= room.cpu && needs.memoryMiB <= room.memoryMiB && needs.gpu <= room.gpu;
  const waiting = queue.items.length + queue.othersWaiting;
  if (!fits(queue.total)) return texts.__('That is more than there is here: %1.', resourceWords(queue.total, texts));
  if (waiting > 0) return texts._n('It would wait behind %1 job.', 'It would wait behind %1 jobs.', waiting);
  return fits(queue.free) ? texts.__('It would start at once.') : texts.__('It would wait: %1 are free now.', resourceWords(queue.free, texts));
}
