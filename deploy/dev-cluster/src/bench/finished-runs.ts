import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AdmissionResult, OurResult } from './one-run.ts';

/** One run on a cluster of its own, both ways. */
export interface AdmissionRun {
  readonly ours: OurResult;
  readonly bare: AdmissionResult;
}

interface Kept {
  readonly sizes: Readonly<Record<string, number>>;
  readonly runs: readonly AdmissionRun[];
}

/** Runs of the same sizes that a benchmark finished before it was ended; none when there are none. */
export async function readFinishedRuns(file: string, sizes: Kept['sizes']): Promise<readonly AdmissionRun[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const kept: Kept = JSON.parse(text);
  return JSON.stringify(kept.sizes) === JSON.stringify(sizes) ? kept.runs : [];
}

/** Replaces what was kept, whole or not at all. */
export async function keepFinishedRuns(file: string, kept: Kept): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(kept)}\n`);
  await rename(`${file}.new`, file);
}
