import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { askedOnce, endsWell } from '@stratalab/kernel';

const tryMs = 10_000;

/**
 * Tries the jail once, on the first call: not every system lets it make the namespaces it needs.
 * The finder throws unavailable when trying took too long, and tries again at the next call.
 */
export function createJailFinder(dataFolder: string, jail: string | undefined): () => Promise<string | undefined> {
  return askedOnce(async () => {
    if (jail === undefined) return undefined;
    const trial = ['--data', dataFolder, '--home', dataFolder, '--', 'true'];
    return (await endsWell('the jail of models', () => promisify(execFile)(jail, trial, { timeout: tryMs, env: { PATH: '/usr/local/bin:/usr/bin:/bin' } }))) ? jail : undefined;
  });
}
