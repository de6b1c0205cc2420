import pg from 'pg';

/** Database that every test database is a copy of: pgvector and nothing else. */
export const template = 'stratalab_template';

/**
 * Makes the template on a server of yours, unless it is there.
 * @throws Error with the statements for its administrator when the role may not create the extension
 */
export async function createTemplate(url: string): Promise<void> {
  const { rowCount } = await onServer(url, `select from pg_database where datname = '${template}'`);
  if (rowCount !== 0) return;
  await onServer(url, `create database ${template}`);
  await onServer(withDatabase(url, template), 'create extension vector').catch(async (cause: unknown) => {
    await onServer(url, `drop database ${template}`);
    const hint = `create database ${template} owner <role of the tests>; then, connected to it: create extension vector`;
    throw new Error(`The role of STRATALAB_TEST_DATABASE_URL may not create the extension 'vector'. As an administrator: ${hint}`, { cause });
  });
}

/** The same server, another database. @param url one that names the database `postgres` */
export function withDatabase(url: string, database: string): string {
  return url.replace(/\/postgres(?=\?|$)/, `/${database}`);
}

/** Runs one statement on a connection of its own. */
export async function onServer(url: string, statement: string): Promise<pg.QueryResult<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query<Record<string, unknown>>(statement);
  } finally {
    await client.end();
  }
}
