import type { TranslationBundle } from '@jupyterlab/translation';
import type { Resources, SmallerAsk } from '@stratalab/contracts/compute';
import { resourceWords } from '../job/job-details';

export interface Ask {
  readonly processes: number;
  readonly resourcesPerProcess: Resources;
}

/** "2 processes", or with their size where that is smaller too. */
export function askWords(smaller: SmallerAsk, asked: Ask, texts: TranslationBundle): string {
  const processes = texts._n('%1 process', '%1 processes', smaller.processes);
  const { cpu, memoryMiB, gpu } = asked.resourcesPerProcess;
  const each = smaller.resourcesPerProcess;
  const isSameSize = each.cpu === cpu && each.memoryMiB === memoryMiB && each.gpu === gpu;
  if (isSameSize) return processes;
  return smaller.processes === 1 ? texts.__('%1 with %2', processes, resourceWords(each, texts)) : texts.__('%1 with %2 each', processes, resourceWords(each, texts));
}

/** Arguments of the command that opens the form with a smaller ask, in the place of a job that waits. */
export function insteadOf(job: string, { processes, resourcesPerProcess }: SmallerAsk): { readonly [name: string]: string | number | boolean } {
  return { from: job, processes, ...resourcesPerProcess, isInstead: true };
}
