import { createLogger, createMetrics, listenForMetrics, loadConfig } from '@stratalab/kernel';
import { Type } from 'typebox';
import { parseServiceUrls } from '../compose/service-urls.ts';
import { environment, platformConfig } from '../config.ts';
import { createDrain } from '../drain.ts';
import { createGateway } from './gateway.ts';

const {
  STRATALAB_SERVICE_URLS,
  STRATALAB_METRICS_HOST,
  STRATALAB_METRICS_PORT,
  STRATALAB_SHUTDOWN_SECONDS,
  STRATALAB_LOG_LEVEL,
  JUPYTERHUB_SERVICE_PREFIX,
  JUPYTERHUB_SERVICE_URL
} = platformConfig.properties;

/** The process before services that run apart; it needs no database, no secret and no data folder. */
const config = loadConfig(
  Type.Object({
    ...{ STRATALAB_SERVICE_URLS, STRATALAB_METRICS_HOST, STRATALAB_METRICS_PORT, STRATALAB_SHUTDOWN_SECONDS, STRATALAB_LOG_LEVEL },
    ...{ JUPYTERHUB_SERVICE_PREFIX, JUPYTERHUB_SERVICE_URL }
  }),
  environment
);
const logger = createLogger({ level: config.STRATALAB_LOG_LEVEL, service: 'gateway' });
const metrics = createMetrics();
// Event streams pass through here like any answer; they are cut when the time is over, and go on elsewhere.
const drain = createDrain(async () => 0);
const gateway = createGateway({
  prefix: config.JUPYTERHUB_SERVICE_PREFIX.replace(/\/$/, ''),
  urls: parseServiceUrls(config.STRATALAB_SERVICE_URLS),
  observe: (service, status, seconds) => metrics.requestSeconds.observe({ operation: `gateway.${service}`, status: String(status) }, seconds)
});
drain.watch(gateway);
const isReady = async (): Promise<void> => {
  if (drain.isDraining) throw new Error('The process is ending.');
};
if (config.STRATALAB_METRICS_PORT !== 0) await listenForMetrics(metrics, { host: config.STRATALAB_METRICS_HOST, port: config.STRATALAB_METRICS_PORT, isReady });
const { hostname, port } = new URL(config.JUPYTERHUB_SERVICE_URL);
await new Promise<void>(resolve => gateway.listen(Number(port), hostname, resolve));
logger.info({ event: 'gateway.ready', port: Number(port) }, 'the gateway answers');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void drain.drain(config.STRATALAB_SHUTDOWN_SECONDS).then(() => process.exit(0)));
}
