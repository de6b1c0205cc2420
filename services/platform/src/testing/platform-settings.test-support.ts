import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '../config.ts';

export interface PlatformSettings {
  readonly internalKey: Buffer;
  /** Environment of a platform process; DATABASE_URL and the Hub are the caller's. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Settings as the supervisor writes them, on an empty data folder. */
export async function writePlatformSettings(data: string): Promise<PlatformSettings> {
  const secrets = join(data, 'secrets');
  await mkdir(secrets, { recursive: true, mode: 0o700 });
  const internalKey = randomBytes(48);
  await writeFile(join(secrets, 'internal-key'), internalKey, { mode: 0o600 });
  const venv = environment['STRATALAB_VENV'] ?? fileURLToPath(new URL('../../../../.venv', import.meta.url));
  return {
    internalKey,
    environment: {
      STRATALAB_DATA: data,
      STRATALAB_SECRETS: secrets,
      STRATALAB_VENV: venv,
      STRATALAB_LOG_LEVEL: 'error',
      JUPYTERHUB_API_TOKEN: 'test-token-of-the-service',
      JUPYTERHUB_SERVICE_PREFIX: '/services/stratalab/'
    }
  };
}
