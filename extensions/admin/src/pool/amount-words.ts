import type { TranslationBundle } from '@jupyterlab/translation';
import type { Amount } from '@stratalab/contracts/compute';
import { formatAmount } from '@stratalab/lab-kit';

const mibPerGib = 1024;
const mibPerTib = 1024 * 1024;

export function memoryWords(memoryMiB: number, texts: TranslationBundle): string {
  if (memoryMiB >= mibPerTib) return texts.__('%1 TiB', formatAmount(memoryMiB / mibPerTib));
  return memoryMiB >= mibPerGib ? texts.__('%1 GiB', formatAmount(memoryMiB / mibPerGib)) : texts.__('%1 MiB', formatAmount(memoryMiB));
}

/** One resource of an amount as a person reads it. */
export function amountWords(amount: Amount, resource: keyof Amount, texts: TranslationBundle): string {
  return resource === 'memoryMiB' ? memoryWords(amount.memoryMiB, texts) : formatAmount(amount[resource]);
}

/** "2 cores, 4 GiB, 1 GPU". */
export function sizeWords({ cpu, memoryMiB, gpu }: Amount, texts: TranslationBundle): string {
  const cores = texts._n('%2 core', '%2 cores', cpu === 1 ? 1 : 2, formatAmount(cpu));
  const memory = memoryWords(memoryMiB, texts);
  return gpu === 0 ? texts.__('%1, %2', cores, memory) : texts.__('%1, %2, %3', cores, memory, texts._n('%1 GPU', '%1 GPUs', gpu));
}

/** "3 of 8": used of what there is. */
export function usedWords(used: string, total: string, texts: TranslationBundle): string {
  return texts.__('%1 of %2', used, total);
}
