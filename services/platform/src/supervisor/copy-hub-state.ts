import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';

/** Copies the Hub's own state while the Hub may write to it: its SQLite files by their own backup, the rest as it is. */
export async function copyHubState(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of await readdir(from).catch((): string[] => [])) {
    if (name.endsWith('.sqlite')) await copyDatabase(join(from, name), join(to, name));
    else if (!/\.sqlite-(wal|shm|journal)$/.test(name)) await cp(join(from, name), join(to, name), { recursive: true });
  }
}

async function copyDatabase(from: string, to: string): Promise<void> {
  const database = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(database, to);
  } finally {
    database.close();
  }
}
