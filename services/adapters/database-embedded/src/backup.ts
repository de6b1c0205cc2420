import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { PostgresBinaries } from './locate.ts';
import type { ClusterPaths } from './paths.ts';
import { runToEnd } from './run-as.ts';

/** Copies the running cluster into an empty folder and verifies the copy against its manifest. */
export async function backupCluster(binaries: PostgresBinaries, paths: ClusterPaths, target: string): Promise<void> {
  const password = (await readFile(paths.ownerPassword, 'utf8')).trim();
  const taken = await runToEnd(join(binaries.bin, 'pg_basebackup'), ['-h', paths.socket, '-U', 'owner', '-D', target, '-X', 'stream', '-c', 'fast'], { env: { ...process.env, PGPASSWORD: password }, isUserMapped: false });
  if (taken.code !== 0) throw new Problem('unavailable', { detail: `The database could not be backed up: ${taken.output.trim()}` });
  await verify(binaries, target);
}

/** Checks a copied cluster before it is put in place. @throws invalid-input when a file does not match the manifest */
export async function restoreCluster(binaries: PostgresBinaries, copy: string): Promise<void> {
  await verify(binaries, copy);
}

async function verify(binaries: PostgresBinaries, folder: string): Promise<void> {
  const checked = await runToEnd(join(binaries.bin, 'pg_verifybackup'), ['-n', folder], { isUserMapped: false });
  if (checked.code !== 0) throw new Problem('invalid-input', { detail: `The backup is damaged: ${checked.output.trim()}` });
}
