import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const cache = join(root, '.cache');
export const venv = process.env.STRATALAB_VENV ?? join(root, '.venv');
export const python = join(venv, 'bin/python');

/** Node 24: the npm package, else the Node that runs this when it is new enough. */
export function node24() {
  const packaged = join(root, 'node_modules/.bin/node');
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error('Stratalab needs Node 24. On this platform no package brings it: install Node 24 or newer, then run the command again.');
}
