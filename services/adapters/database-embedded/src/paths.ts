import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
  const runtime = join(tmpdir(), `stratalab-${digest}`);
  return {
    cluster: join(dataFolder, 'postgres'),
    socket: Buffer.byteLength(near) <= longestSocketFolder ? near : runtime,
    log: join(dataFolder, 'logs/postgres.log'),
    ownerPassword: join(dataFolder, 'secrets/database-owner-password'),
    password: join(dataFolder, 'secrets/database-password')
  };
}
