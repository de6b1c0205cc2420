import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '@stratalab/contracts';

export interface ClusterPaths {
  readonly cluster: string;
  /** Folder of the socket, 0700. */
  readonly socket: string;
  readonly log: string;
  /** Password of the role `owner` (superuser, maintenance only). */
  readonly ownerPassword: string;
  /** Password of the role `stratalab` (no superuser), which the services use. */
  readonly password: string;
}

/** A Unix socket path holds about 107 bytes, and PostgreSQL adds `/.s.PGSQL.5432.lock`. */
const longestSocketFolder = 80;

/** Where a data folder keeps its database; a deep folder gets a short socket folder derived from its path. */
export function clusterPaths(dataFolder: string): ClusterPaths {
  const near = join(dataFolder, 'run');
  const digest = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  // Not XDG_RUNTIME_DIR: it differs between a login and a scheduler, and the next start must find the same socket.
  const short = `/tmp/stratalab-${process.getuid?.() ?? 0}-${digest}`;
  return {
    cluster: join(dataFolder, 'postgres'),
    socket: Buffer.byteLength(near) <= longestSocketFolder ? near : short,
    log: join(dataFolder, 'logs/postgres.log'),
    ownerPassword: join(dataFolder, 'secrets/database-owner-password'),
    password: join(dataFolder, 'secrets/database-password')
  };
}

/** Makes the folders around the cluster, readable by their owner alone. @throws forbidden when somebody else made one of them */
export async function makeFolders(paths: ClusterPaths): Promise<void> {
  for (const folder of [paths.socket, dirname(paths.log), dirname(paths.password)]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const facts = await lstat(folder);
    if (!facts.isDirectory() || facts.uid !== (process.getuid?.() ?? facts.uid)) {
      throw new Problem('forbidden', { detail: `The folder ${folder} belongs to another user.`, hint: 'Remove it, or choose another data folder with STRATALAB_DATA.' });
    }
    if ((facts.mode & 0o077) !== 0) await chmod(folder, 0o700);
  }
}
