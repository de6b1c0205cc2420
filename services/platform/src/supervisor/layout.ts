import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '@stratalab/contracts';

/** Where one installation keeps its things, and how it is reached. */
export interface Layout {
  readonly root: string;
  readonly data: string;
  readonly secrets: string;
  readonly run: string;
  readonly logs: string;
  readonly venv: string;
  readonly node: string;
  /** Public port; proxy API, hub, platform and metrics take the four after it. */
  readonly port: number;
  readonly admin: string;
  /** Origin that people use; that of the public port where operators named none. */
  readonly origin: string;
}

const highestPort = 65_000;

/**
 * Reads the few settings a person may give: STRATALAB_DATA, STRATALAB_PORT, STRATALAB_VENV, STRATALAB_ADMIN, STRATALAB_ORIGIN.
 * @throws invalid-request naming the setting that is not valid
 */
export function readLayout(environment: Readonly<Record<string, string | undefined>>): Layout {
  const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
  const given = environment['STRATALAB_DATA'];
  const data = resolve(given === undefined || given === '' ? join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'stratalab') : given);
  const port = Number(environment['STRATALAB_PORT'] ?? 8000);
  if (!Number.isInteger(port) || port < 1024 || port > highestPort) {
    throw new Problem('invalid-request', { detail: `STRATALAB_PORT is '${environment['STRATALAB_PORT']}'.`, hint: `Choose a number between 1024 and ${highestPort}.` });
  }
  return {
    root,
    data,
    port,
    secrets: join(data, 'secrets'),
    run: join(data, 'run'),
    logs: join(data, 'logs'),
    venv: environment['STRATALAB_VENV'] ?? join(root, '.venv'),
    node: process.execPath,
    admin: environment['STRATALAB_ADMIN'] ?? 'admin',
    origin: environment['STRATALAB_ORIGIN'] || `http://127.0.0.1:${port}`
  };
}

/** Where this machine itself reaches the public port. */
export function publicUrl(layout: Layout): string {
  return `http://127.0.0.1:${layout.port}`;
}
