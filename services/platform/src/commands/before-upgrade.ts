import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { locatePostgres } from '@stratalab/database-embedded';
import type { Environment } from '../config.ts';
import { copyBeforeUpgrade } from '../supervisor/before-upgrade.ts';
import type { Layout } from '../supervisor/layout.ts';

/** Copies the database of DATABASE_URL into `backups` of the data folder before a new version is put in place; the embedded one is copied by `start`. */
export async function beforeUpgrade(layout: Layout, environment: Environment, options: { readonly isAlways: boolean }): Promise<number> {
  const url = environment['DATABASE_URL'] ?? '';
  if (url === '') throw new Problem('invalid-request', { detail: 'DATABASE_URL is not set.', hint: 'Without it, `stratalab start` takes the copy itself.' });
  const copy = await copyBeforeUpgrade({
    url,
    isAlways: options.isAlways,
    backups: join(layout.data, 'backups'),
    // A copy made by the programs of version 18 speaks of settings that a server of version 16 does not know.
    binariesFor: majorVersion => locatePostgres(layout.venv, majorVersion > 16 ? 18 : 16),
    services: join(layout.root, 'services')
  });
  process.stdout.write(copy === undefined ? 'This version changes nothing in the database; no copy was needed.\n' : `The database as it was is in ${copy}.\n`);
  return 0;
}
