import { Problem } from '@stratalab/contracts';
import { loadConfig } from '@stratalab/kernel';
import { createPlatform } from './compose/platform.ts';
import { environment, processConfig } from './config.ts';
import { listenForPods } from './listen-for-pods.ts';

/** The process the Hub manages: all services (or those of STRATALAB_SERVICES) behind one listener, and a second one where pods need it. */
const config = loadConfig(processConfig, environment);
const stop = new AbortController();
const platform = await createPlatform(config, stop.signal).catch((error: unknown) => {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n${error.details.hint === undefined ? '' : `${error.details.hint}\n`}`);
  process.exit(1);
});
const { hostname, port } = new URL(config.JUPYTERHUB_SERVICE_URL);
await platform.host.app.listen({ host: hostname, port: Number(port) });
const podListener = config.STRATALAB_JOB_LISTEN === '' ? undefined : await listenForPods(platform.host, config.STRATALAB_JOB_LISTEN);
if (podListener !== undefined) platform.drain.watch(podListener);
platform.host.startBackground();
platform.logger.info({ event: 'platform.ready', port: Number(port) }, 'the platform answers');

let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    void end();
  });
}

/** Open requests first, then background work, then everything; not later than ten seconds after the last request. */
async function end(): Promise<void> {
  await platform.drain.drain(config.STRATALAB_SHUTDOWN_SECONDS);
  stop.abort();
  const force = setTimeout(() => process.exit(1), 10_000);
  force.unref();
  podListener?.close();
  podListener?.closeAllConnections();
  await platform.close();
  process.exit(0);
}
