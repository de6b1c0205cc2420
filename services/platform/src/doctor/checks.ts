import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { locatePostgres } from '@stratalab/database-embedded';
import { dataVersion, runningSupervisor } from '../supervisor/data-folder.ts';
import type { Layout } from '../supervisor/layout.ts';
import { assertPortsFree } from '../supervisor/ports.ts';

export interface Finding {
  readonly name: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly hint?: string;
}

type Check = (layout: Layout) => Promise<Finding> | Finding;

const lowestNode = 24;
const startMiB = 500;

const checkNode: Check = () => {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= lowestNode ? ok('Node', process.version) : fail('Node', `${process.version} is too old.`, 'Run `npm ci --ignore-scripts`, which brings Node 24.');
};

const checkPython: Check = layout => {
  const python = join(layout.venv, 'bin/python');
  if (!existsSync(python)) return fail('Python environment', `${layout.venv} does not exist.`, 'Run `npm start` once with a network.');
  const outcome = spawnSync(python, ['-c', 'import sys, jupyterhub, jupyterlab; print(sys.version.split()[0], jupyterhub.__version__, jupyterlab.__version__)'], { encoding: 'utf8' });
  return outcome.status === 0 ? ok('Python environment', `Python, Hub, Lab: ${outcome.stdout.trim()}`) : fail('Python environment', 'It cannot import JupyterHub.', 'Delete the folder .venv and run `npm start`.');
};

const checkPostgres: Check = async layout => {
  try {
    const { bin } = await locatePostgres(layout.venv);
    return ok('PostgreSQL', bin);
  } catch (error) {
    return fail('PostgreSQL', error instanceof Error ? error.message : String(error), 'Run `npm start` once with a network.');
  }
};

const checkExtension: Check = layout =>
  existsSync(join(layout.root, 'share/jupyter/labextensions/@stratalab/lab/package.json')) ? ok('JupyterLab extension', 'built') : fail('JupyterLab extension', 'It is not built.', 'Run `npm run build`, or `npm start`.');

const checkDisk: Check = async layout => {
  let folder = layout.data;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const freeMiB = Math.floor((bavail * bsize) / 1024 / 1024);
  return freeMiB >= startMiB ? ok('Disk', `${freeMiB} MiB free`) : fail('Disk', `Only ${freeMiB} MiB are free.`, 'Free some space, or move the data folder with STRATALAB_DATA.');
};

const checkData: Check = async layout => {
  const text = await readFile(join(layout.data, 'version'), 'utf8').catch(() => undefined);
  if (text === undefined) return ok('Data folder', `${layout.data} (new)`);
  return Number(text) <= dataVersion ? ok('Data folder', `${layout.data}, version ${text.trim()}`) : fail('Data folder', `It has version ${text.trim()}; this Stratalab knows up to ${dataVersion}.`, 'Use the newer Stratalab.');
};

const checkPorts: Check = async layout => {
  const pid = await runningSupervisor(layout);
  if (pid !== undefined) return ok('Ports', `in use by the running Stratalab (process ${pid})`);
  try {
    await assertPortsFree(layout);
    return ok('Ports', `${layout.port} to ${layout.port + 4} are free`);
  } catch (error) {
    return error instanceof Problem ? fail('Ports', error.message, error.details.hint ?? '') : fail('Ports', String(error), '');
  }
};

const checkNamespaces: Check = () => {
  const outcome = spawnSync('unshare', ['-U', '--map-current-user', 'true']);
  if (outcome.status === 0) return ok('User namespaces', 'available: mounts are truly read-only, workspaces see only their tenant');
  return { name: 'User namespaces', level: 'warn', message: 'They are not available: mounts are protected by file modes only.', hint: 'Debian and Ubuntu: sysctl kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0.' };
};

export const checks: readonly Check[] = [checkNode, checkPython, checkPostgres, checkExtension, checkDisk, checkData, checkPorts, checkNamespaces];

function ok(name: string, message: string): Finding {
  return { name, level: 'ok', message };
}

function fail(name: string, message: string, hint: string): Finding {
  return { name, level: 'fail', message, hint };
}
