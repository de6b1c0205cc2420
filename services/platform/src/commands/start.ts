import { loadConfig } from '@stratalab/kernel';
import { clusterConfig } from '../cluster-config.ts';
import type { Environment } from '../config.ts';
import { readLedger } from '../promote/ledger.ts';
import { claimDataFolder } from '../supervisor/claim.ts';
import { checkDataFolder, prepareDataFolder } from '../supervisor/data-folder.ts';
import { describeSignIn } from '../supervisor/first-sign-in.ts';
import type { Layout } from '../supervisor/layout.ts';
import { stopLeftovers } from '../supervisor/leftovers.ts';
import { openDatabase } from '../supervisor/platform-database.ts';
import { assertPortsFree } from '../supervisor/ports.ts';
import { runHub } from '../supervisor/run-hub.ts';

/** One press of Ctrl-C may arrive twice (from the terminal and from npm); a second press after this asks for haste. */
const sameSignalMs = 1_000;

/**
 * Runs the platform until a signal: database, Hub, proxy, services. Nothing is left half started: what a failed start began is stopped.
 * Jobs go on; the next start adopts them.
 */
export async function start(layout: Layout, environment: Environment): Promise<number> {
  await checkDataFolder(layout);
  const release = await claimDataFolder(layout);
  try {
    const { stop, force } = listenForSignals();
    await prepareDataFolder(layout);
    await stopLeftovers(layout);
    await assertPortsFree(layout);
    await checkCluster(environment);
    // Refuses a password that is not acceptable before anything is started.
    const signIn = await describeSignIn(layout, environment);
    const database = await openDatabase(layout, environment['DATABASE_URL'], say);
    try {
      const promoted = await describePromoted(layout);
      const onReady = (): void => void process.stdout.write(`${promoted}${signIn}\nStratalab is ready: ${layout.origin}\n`);
      return (await runHub(layout, { databaseUrl: database.url, environment, stop, force, onReady, say })) ? 0 : 1;
    } finally {
      await database.close();
    }
  } finally {
    await release();
  }
}

/** A cluster that is not there is said before anything starts. Its client is large, and this process lives for days: it is loaded only where it is needed. */
async function checkCluster(environment: Environment): Promise<void> {
  const config = loadConfig(clusterConfig, environment);
  if (config.STRATALAB_JOB_RUNTIME === 'kubernetes') await (await import('../compose/cluster.ts')).assertClusterReady(config);
}

/** What lives elsewhere now: work that goes on here would not be there. */
async function describePromoted(layout: Layout): Promise<string> {
  const gone = (await readLedger(layout.data).catch(() => [])).filter(({ promotedAt }) => promotedAt !== null);
  return gone.map(({ tenant, to }) => `The tenant ${tenant} was promoted to ${to}; what is done here from now on stays here.\n`).join('');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function listenForSignals(): { readonly stop: AbortSignal; readonly force: AbortSignal } {
  const stop = new AbortController();
  const force = new AbortController();
  let first = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted && Date.now() - first > sameSignalMs) force.abort();
      if (stop.signal.aborted) return;
      first = Date.now();
      say('Stopping …');
      stop.abort();
    });
  }
  return { stop: stop.signal, force: force.signal };
}
