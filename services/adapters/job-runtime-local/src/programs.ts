import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { JobStart } from '@stratalab/kernel';

const run = promisify(execFile);
const probeMs = 20_000;
const askRay = 'import importlib.util as u\nassert u.find_spec("ray")';
const askTorch = 'import importlib.metadata as m, importlib.util as u\nassert u.find_spec("torch")\nprint(m.version("torch"))';

export interface Programs {
  readonly python: string;
  readonly torchMajor: number;
  readonly mpirun: string;
}

/** Thrown for a launcher this machine has no program for; the text is for the owner of the job. */
export class MissingProgram extends Error {}

/** The first of `pythons` that can import Ray; undefined when none can. */
export async function pythonWithRay(pythons: readonly string[]): Promise<string | undefined> {
  for (const candidate of pythons) {
    try {
      await run(candidate, ['-c', askRay], { timeout: probeMs, env: { PATH: process.env['PATH'] } });
      return candidate;
    } catch {
      // This interpreter has no Ray; the next one may.
    }
  }
  return undefined;
}

/**
 * The programs of one launcher: torchrun and Ray need an interpreter that has them, the first of `pythons` that does; the others use the first.
 * @throws MissingProgram
 */
export async function findPrograms(launcher: JobStart['launcher'], pythons: readonly string[]): Promise<Programs> {
  const [python] = pythons;
  if (python === undefined) throw new MissingProgram('There is no Python for jobs.');
  const plain = { python, torchMajor: 0, mpirun: join(dirname(python), 'mpirun') };
  if (launcher === 'ray') {
    const withRay = await pythonWithRay(pythons);
    if (withRay === undefined) throw new MissingProgram('Ray is not installed in any Python this platform uses. Install it (pip install ray), then run the job again.');
    return { ...plain, python: withRay };
  }
  if (launcher !== 'torchrun') return plain;
  for (const candidate of pythons) {
    try {
      const { stdout } = await run(candidate, ['-c', askTorch], { timeout: probeMs, env: { PATH: process.env['PATH'] } });
      return { ...plain, python: candidate, torchMajor: Number.parseInt(stdout, 10) };
    } catch {
      // This interpreter has no PyTorch; the next one may.
    }
  }
  throw new MissingProgram('PyTorch is not installed in any Python this platform uses. Install it (pip install torch), then run the job again.');
}
