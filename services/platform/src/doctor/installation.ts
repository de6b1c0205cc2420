import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { locatePostgres } from '@stratalab/database-embedded';
import { fail, ok, warn, type Check } from './finding.ts';

const lowestNode = 24;

const checkNode: Check = () => {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= lowestNode ? ok('Node', process.version) : fail('Node', `${process.version} is too old.`, 'Run `npm ci --ignore-scripts`, which brings Node 24.');
};

const checkPython: Check = ({ layout }) => {
  const name = 'Python environment';
  const python = join(layout.venv, 'bin/python');
  if (!existsSync(python)) return fail(name, `${layout.venv} does not exist.`, 'Run `npm start` once with a network.');
  const outcome = spawnSync(python, ['-c', 'import sys, jupyterhub, jupyterlab; print(sys.version.split()[0], jupyterhub.__version__, jupyterlab.__version__)'], {
    encoding: 'utf8',
    timeout: 30_000
  });
  return outcome.status === 0 ? ok(name, `Python, Hub, Lab: ${outcome.stdout.trim()}`) : fail(name, 'It cannot import JupyterHub.', 'Delete the folder .venv and run `npm start`.');
};

const checkPostgres: Check = async ({ layout }) => {
  try {
    return ok('PostgreSQL', (await locatePostgres(layout.venv)).bin);
  } catch (error) {
    return fail('PostgreSQL', error instanceof Error ? error.message : String(error), 'Run `npm start` once with a network.');
  }
};

const checkExtension: Check = ({ layout }) =>
  existsSync(join(layout.root, 'share/jupyter/labextensions/@stratalab/lab/package.json'))
    ? ok('JupyterLab extension', 'built')
    : fail('JupyterLab extension', 'It is not built.', 'Run `npm start`, which builds it.');

const checkNamespaces: Check = () => {
  const name = 'User namespaces';
  const outcome = spawnSync('unshare', ['-U', '--map-current-user', 'true']);
  if (outcome.status === 0) return ok(name, 'available: mounts are truly read-only, workspaces see only their tenant');
  const hint = 'Debian and Ubuntu: sysctl kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0.';
  if (process.getuid?.() === 0) return fail(name, 'They are not available, and PostgreSQL does not run as root without them.', `Start Stratalab as another user, or: ${hint}`);
  return warn(name, 'They are not available: mounts are protected by file modes only.', hint);
};

export const installationChecks: readonly Check[] = [checkNode, checkPython, checkPostgres, checkExtension, checkNamespaces];
