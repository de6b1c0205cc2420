import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endsWell } from '@stratalab/kernel';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../jail.sh', import.meta.url));

const probeMs = 10_000;

/** `full`: own view of the files and own process numbers; `files`: only the first; `none`: this machine allows neither. */
export type Sandbox = 'full' | 'files' | 'none';

/** Finds by trying what this machine allows. @throws unavailable when trying took too long */
export async function probeSandbox(): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'stratalab-jail-'));
  const works = (...options: readonly string[]): Promise<boolean> =>
    endsWell('the sandbox of jobs', () => run(script, ['--data', folder, '--home', folder, ...options, '--', 'true'], { timeout: probeMs }));
  try {
    if (await works('--pid')) return 'full';
    return (await works()) ? 'files' : 'none';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The words before a command that put it into the sandbox. */
export function sandboxWords(sandbox: Sandbox, place: { readonly data: string; readonly home: string; readonly logs: string; readonly tenant: string }): readonly string[] {
  if (sandbox === 'none') return [];
  const own = sandbox === 'full' ? ['--pid'] : [];
  return [script, '--data', place.data, '--home', place.home, '--write', place.logs, '--tenant', place.tenant, ...own, '--'];
}
