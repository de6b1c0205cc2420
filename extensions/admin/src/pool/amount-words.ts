import type { TranslationBundle } from '@jupyterlab/translation';
import type { Amount } from '@stratalab/contracts/compute';
import { formatAmount } from '@stratalab/lab-kit';

const mibPerGib = 1024;

export function memoryWords(memoryMiB: number, texts: TranslationBundle): string {
  return memoryMiB >= mibPerGib ? texts.__('%1 GiB', formatAmount(memoryMiB / mibPerGib)) : texts.__('%1 MiB', formatAmount(memoryMiB));
}

/** One resource of an amount as a person reads it. */
export function amountWords(amount: Amount, resource: keyof Amount, texts: TranslationBundle): string {
  return resource === 'memoryMiB' ? memoryWords(amount.memoryMiB, texts) : formatAmount(amount[resource]);
}

/** "3 of 8": used of what there is. */
export function usedWords(used: string, total: string, texts: TranslationBundle): string {
  return texts.__('%1 of %2', used, total);
}
