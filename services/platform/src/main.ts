import { loadConfig } from '@stratalab/kernel';
import { createPlatform } from './compose/platform.ts';
import { environment, platformConfig } from './config.ts';

/** The process the Hub manages: all services (or those of STRATALAB_SERVICES) behind one listener. */
const config = loadConfig(platformConfig, environment);
const stop = new AbortController();
const platform = await createPlatform(config, stop.signal);
const { hostname, port } = new URL(config.JUPYTERHUB_SERVICE_URL);
await platform.host.app.listen({ host: hostname, port: Number(port) });
platform.host.startBackground();
platform.logger.info({ event: 'platform.ready', port: Number(port) }, 'the platform answers');

let isStopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    stop.abort();
    const force = setTimeout(() => process.exit(1), 10_000);
    force.unref();
    void platform.close().then(() => process.exit(0));
  });
}
