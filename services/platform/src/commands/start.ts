import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDatabase, locatePostgres, startPostgres, stopPostgres } from '@stratalab/database-embedded';
import { claimDataFolder, prepareDataFolder } from '../supervisor/data-folder.ts';
import { describeSignIn } from '../supervisor/first-sign-in.ts';
import { spawnHub, stopHub, waitUntilReady } from '../supervisor/hub.ts';
import { publicUrl, type Layout } from '../supervisor/layout.ts';
import { stopLeftovers } from '../supervisor/leftovers.ts';
import { assertPortsFree } from '../supervisor/ports.ts';

/**
 * Runs the platform until a signal: database, Hub, proxy, services. Nothing is left half started: what a failed start began is stopped.
 * The database stays up while jobs run, so that they can report; the next start adopts both.
 */
export async function start(layout: Layout, environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  await prepareDataFolder(layout);
  const release = await claimDataFolder(layout);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  try {
    await stopLeftovers(layout);
    await assertPortsFree(layout);
    const binaries = await locatePostgres(layout.venv);
    const postgres = await startPostgres(binaries, layout.data);
    const url = await ensureDatabase(postgres.paths);
    const signIn = await describeSignIn(layout, environment);
    const hub = spawnHub(layout, url, environment);
    const ended = new Promise<void>(resolve => hub.once('exit', () => resolve()));
    const aborted = new Promise<void>(resolve => stop.signal.addEventListener('abort', () => resolve(), { once: true }));
    try {
      await waitUntilReady(layout, hub, stop.signal);
      if (!stop.signal.aborted) process.stdout.write(`${signIn}\nStratalab is ready: ${publicUrl(layout)}\n`);
      await Promise.race([ended, aborted]);
      if (!stop.signal.aborted) process.stderr.write(`The Hub ended unexpectedly; see ${join(layout.logs, 'hub.log')}.\n`);
      return stop.signal.aborted ? 0 : 1;
    } finally {
      await stopHub(hub);
      await stopLeftovers(layout);
    }
  } finally {
    if (!(await hasRunningJobs(layout))) await stopPostgres(layout.data);
    await release();
  }
}

/** A job that runs keeps a file `running` in its folder (see job-runtime-local). */
async function hasRunningJobs(layout: Layout): Promise<boolean> {
  for (const tenant of await readdir(join(layout.data, 'jobs')).catch(() => [])) {
    for (const job of await readdir(join(layout.data, 'jobs', tenant)).catch(() => [])) {
      const names = await readdir(join(layout.data, 'jobs', tenant, job)).catch((): string[] => []);
      if (names.includes('running')) return true;
    }
  }
  return false;
}
