import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backupCluster, type ClusterPaths, type PostgresBinaries } from '@stratalab/database-embedded';
import { tooNew } from './data-folder.ts';
import type { Layout } from './layout.ts';

export interface UpgradeParts {
  readonly binaries: PostgresBinaries;
  readonly paths: ClusterPaths;
  readonly say: (line: string) => void;
  /** Folder with the services; that of this checkout unless given. */
  readonly services?: string;
}

const keptCopies = 3;
const prefix = 'before-upgrade-';

/**
 * Takes a verified copy of the running database when this version brings migrations it has not seen; the platform then
 * applies them as it starts. Objects need no copy: they never change.
 * @returns the folder of the copy, which can replace `postgres/`; `undefined` when nothing is new
 * @throws invalid-state when the database has migrations this version does not know
 */
export async function upgradeSchema(layout: Layout, parts: UpgradeParts): Promise<string | undefined> {
  const ours = await listMigrations(parts.services ?? join(layout.root, 'services'));
  const seen = await readSeen(layout);
  const unknown = seen.find(migration => !ours.includes(migration));
  if (unknown !== undefined) throw tooNew(layout, `it knows ${unknown}`);
  if (ours.length === seen.length) return undefined;
  const copy = seen.length === 0 ? undefined : await copyDatabase(layout, parts);
  await writeFile(`${seenPath(layout)}.new`, `${ours.join('\n')}\n`, { mode: 0o600 });
  await rename(`${seenPath(layout)}.new`, seenPath(layout));
  return copy;
}

async function copyDatabase(layout: Layout, { binaries, paths, say }: UpgradeParts): Promise<string> {
  const backups = join(layout.data, 'backups');
  const copy = join(backups, `${prefix}${new Date().toISOString().replace(/[:.]/g, '-')}`);
  await backupCluster(binaries, paths, copy);
  const older = (await readdir(backups))
    .filter(name => name.startsWith(prefix))
    .sort()
    .slice(0, -keptCopies);
  for (const name of older) await rm(join(backups, name), { recursive: true });
  say(`This version changes the database. Its state before is kept in ${copy}; to go back, put that folder in place of ${paths.cluster}.`);
  return copy;
}

/** Every migration of a checkout as `service/file`, sorted. */
export async function listMigrations(services: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const service of await readdir(services)) {
    const files = await readdir(join(services, service, 'migrations')).catch((): string[] => []);
    found.push(...files.filter(file => file.endsWith('.sql')).map(file => `${service}/${file}`));
  }
  return found.sort();
}

async function readSeen(layout: Layout): Promise<readonly string[]> {
  const text = await readFile(seenPath(layout), 'utf8').catch(() => '');
  return text.split('\n').filter(line => line !== '');
}

function seenPath(layout: Layout): string {
  return join(layout.data, 'postgres', 'stratalab-migrations');
}
