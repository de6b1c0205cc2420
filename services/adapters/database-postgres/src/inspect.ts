import pg from 'pg';

export interface DatabaseFacts {
  /** 15, 16, … */
  readonly majorVersion: number;
  /** Migrations it has seen as `service/file`, sorted; none when no platform has used it yet. */
  readonly migrations: readonly string[];
}

const connectTimeoutMs = 20_000;

/** Looks at a database from outside, without changing it. */
export async function inspectDatabase(url: string): Promise<DatabaseFacts> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  await client.connect();
  try {
    const { rows: found } = await client.query<{ version: number; isUsed: boolean }>(
      `select current_setting('server_version_num')::int / 10000 as version, to_regclass('public.stratalab_migration') is not null as "isUsed"`
    );
    const majorVersion = found[0]?.version ?? 0;
    if (found[0]?.isUsed !== true) return { majorVersion, migrations: [] };
    const { rows } = await client.query<{ service: string; file: string }>('select service, file from public.stratalab_migration');
    return { majorVersion, migrations: rows.map(({ service, file }) => `${service}/${file}`).sort() };
  } finally {
    await client.end();
  }
}
