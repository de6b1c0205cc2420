import { randomBytes } from 'node:crypto';
import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const secretNames = ['internal-key', 'hub-service-token', 'proxy-token'] as const;

/** Makes the secret files that are missing; each is for its owner alone (0600). */
export async function ensureSecrets(folder: string): Promise<void> {
  for (const name of secretNames) await ensureSecret(join(folder, name), randomBytes(48).toString('base64url'));
  await ensureSecret(join(folder, 'cookie-secret'), randomBytes(32).toString('hex'));
  for (const name of await exposedSecrets(folder)) await chmod(join(folder, name), 0o600);
}

/** Names of secret files that others than their owner may open. */
export async function exposedSecrets(folder: string): Promise<readonly string[]> {
  const exposed: string[] = [];
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const facts = await stat(join(folder, name));
    if (facts.isFile() && (facts.mode & 0o077) !== 0) exposed.push(name);
  }
  return exposed;
}

async function ensureSecret(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
