import { checkServerByUrl, ensureDatabase, keepPostgresRunning, locatePostgres, startPostgres, stopPostgres } from '@stratalab/database-embedded';
import type { Layout } from './layout.ts';
import { upgradeSchema } from './upgrade.ts';

export interface PlatformDatabase {
  readonly url: string;
  /** Ends the care for the database. The embedded one is stopped. */
  close(): Promise<void>;
}

/**
 * The database of this installation: the one of DATABASE_URL when that is set, else the embedded server, which is started
 * or adopted, kept running, and copied before a newer schema is put on it.
 * @param url DATABASE_URL as the person gave it
 */
export async function openDatabase(layout: Layout, url: string | undefined, say: (line: string) => void): Promise<PlatformDatabase> {
  if (url !== undefined && url !== '') {
    await checkServerByUrl(url);
    return { url, close: async () => undefined };
  }
  const binaries = await locatePostgres(layout.venv);
  const { paths } = await startPostgres(binaries, layout.data);
  const stop = new AbortController();
  const close = async (): Promise<void> => {
    stop.abort();
    await keeping;
    // Jobs that go on write what they know to their own folders; the next start finds them there.
    await stopPostgres(layout.data);
  };
  const keeping = keepPostgresRunning(binaries, layout.data, {
    signal: stop.signal,
    onRestart: pid => say(`The database had ended and runs again (process ${pid}).`),
    onFailure: error => say(`The database has ended and does not start: ${error instanceof Error ? error.message : String(error)}`)
  });
  try {
    const embedded = await ensureDatabase(paths);
    await upgradeSchema(layout, { binaries, paths, say });
    return { url: embedded, close };
  } catch (error) {
    await close();
    throw error;
  }
}
