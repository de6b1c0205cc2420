import { statfs } from 'node:fs/promises';
import { Problem } from '@stratalab/contracts';
import { checkServerByUrl, isPostgresRunning } from '@stratalab/database-embedded';
import { runningSupervisor } from '../supervisor/claim.ts';
import { checkDataFolder, neededMiB, readVersion } from '../supervisor/data-folder.ts';
import { publicUrl } from '../supervisor/layout.ts';
import { assertPortsFree } from '../supervisor/ports.ts';
import { exposedSecrets } from '../supervisor/secrets.ts';
import { fail, ok, warn, type Check } from './finding.ts';

const roomyMiB = 4 * neededMiB;
/** Magic numbers of NFS, SMB and CIFS (statfs(2)): locks and fsync do not hold there as PostgreSQL needs them. */
const networkFileSystems = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42]);

const checkDisk: Check = async ({ layout, facts }) => {
  const freeMiB = await facts.freeMiB(layout.data);
  const hint = 'Free some space, or move the data folder with STRATALAB_DATA.';
  if (freeMiB < neededMiB) return fail('Disk', `Only ${freeMiB} MiB are free; a start needs ${neededMiB}.`, hint);
  return freeMiB < roomyMiB ? warn('Disk', `${freeMiB} MiB are free, which will not last.`, hint) : ok('Disk', `${freeMiB} MiB free`);
};

const checkData: Check = async ({ layout }) => {
  try {
    await checkDataFolder(layout, { freeMiB: async () => Infinity });
  } catch (error) {
    return asFailure('Data folder', error);
  }
  const kind = (await statfs(layout.data).catch(() => undefined))?.type;
  if (kind !== undefined && networkFileSystems.has(kind))
    return warn('Data folder', `${layout.data} lies on a network file system.`, 'Move it to a local disk with STRATALAB_DATA, or use a database by DATABASE_URL.');
  const version = await readVersion(layout);
  return ok('Data folder', version === undefined ? `${layout.data} (new)` : `${layout.data}, version ${version}`);
};

const checkSecrets: Check = async ({ layout }) => {
  const exposed = await exposedSecrets(layout.secrets);
  return exposed.length === 0 ? ok('Secrets', 'for their owner alone') : fail('Secrets', `Others can read ${exposed.join(', ')}.`, `chmod 600 ${layout.secrets}/*`);
};

const checkDatabase: Check = async ({ layout, environment }) => {
  const url = environment['DATABASE_URL'];
  if (url !== undefined && url !== '')
    return checkServerByUrl(url).then(
      () => ok('Database', 'by URL, durable, with pgvector'),
      error => asFailure('Database', error)
    );
  if (await isPostgresRunning(layout.data)) return ok('Database', 'embedded, runs');
  const isNeeded = (await runningSupervisor(layout)) !== undefined;
  return isNeeded
    ? fail('Database', 'The embedded database does not run although the platform does.', `It is started again by itself; else see ${layout.logs}/postgres.log.`)
    : ok('Database', 'embedded, stopped');
};

const checkPorts: Check = async ({ layout }) => {
  const pid = await runningSupervisor(layout);
  if (pid !== undefined) return ok('Ports', `in use by the running Stratalab (process ${pid})`);
  return assertPortsFree(layout).then(
    () => ok('Ports', `${layout.port} to ${layout.port + 4} are free`),
    error => asFailure('Ports', error)
  );
};

const checkAnswers: Check = async ({ layout }) => {
  if ((await runningSupervisor(layout)) === undefined) return ok('Platform', 'does not run');
  const doesAnswer = await fetch(`${publicUrl(layout)}/services/stratalab/livez`, { signal: AbortSignal.timeout(5_000) }).then(
    answer => answer.ok,
    () => false
  );
  return doesAnswer ? ok('Platform', `answers at ${publicUrl(layout)}`) : fail('Platform', 'It runs and does not answer.', `See ${layout.logs}/hub.log; it may still be starting.`);
};

export const dataChecks: readonly Check[] = [checkDisk, checkData, checkSecrets, checkDatabase, checkPorts, checkAnswers];

function asFailure(name: string, error: unknown): ReturnType<typeof fail> {
  const hint = error instanceof Problem ? error.details.hint : undefined;
  return fail(name, error instanceof Error ? error.message : String(error), hint ?? 'See the logs of the data folder.');
}
