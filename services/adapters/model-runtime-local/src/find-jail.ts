import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const tryMs = 10_000;

/** Tries the jail once, on the first call: not every system lets it make the namespaces it needs. */
export function createJailFinder(dataFolder: string, jail: string | undefined): () => Promise<string | undefined> {
  let found: Promise<string | undefined> | undefined;
  return () => (found ??= jail === undefined ? Promise.resolve(undefined) : tryJail(dataFolder, jail));
}

async function tryJail(dataFolder: string, jail: string): Promise<string | undefined> {
  try {
    await promisify(execFile)(jail, ['--data', dataFolder, '--home', dataFolder, '--', 'true'], { timeout: tryMs, env: { PATH: '/usr/local/bin:/usr/bin:/bin' } });
    return jail;
  } catch {
    return undefined;
  }
}
