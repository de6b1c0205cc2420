import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';
import { createPostgresDatabase } from '@stratalab/database-postgres';
import { createHubIdentity, createHubPeople } from '@stratalab/identity-jupyterhub';
import {
  createAccessKeyIdentity,
  createHost,
  createInternalIdentity,
  createLogger,
  createMetrics,
  firstOf,
  listenForMetrics,
  serviceActor,
  systemClock,
  type Database,
  type Host,
  type Logger,
  type Metrics
} from '@stratalab/kernel';
import { environment, type PlatformConfig } from '../config.ts';
import { createDrain, type Drain } from '../drain.ts';
import { parseServiceUrls } from './service-urls.ts';
import { namedOrigin } from './named-origin.ts';
import { composeObjects } from './objects.ts';
import { composeServices } from './services.ts';

export interface Platform {
  readonly host: Host;
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Which requests are open; the probe of readiness says no while the process drains. */
  readonly drain: Drain;
  close(): Promise<void>;
}

/** Builds the platform process from its configuration; nothing listens yet. */
export async function createPlatform(config: PlatformConfig, stop: AbortSignal): Promise<Platform> {
  const logger = createLogger({ level: config.STRATALAB_LOG_LEVEL, service: 'platform' });
  const metrics = createMetrics();
  // The client of the cluster is large: an installation of one machine never loads it.
  const cluster = config.STRATALAB_JOB_RUNTIME === 'local' ? undefined : await (await import('./cluster.ts')).connectCluster(config, { logger, metrics, stop });
  const database = createPostgresDatabase({ url: config.DATABASE_URL, logger });
  const objects = await composeObjects(config);
  const origin = namedOrigin(config.STRATALAB_ORIGIN);
  const internalKey = await readFile(join(config.STRATALAB_SECRETS, 'internal-key'));
  const now = (): number => Date.now();
  const lateHost: { host?: Host } = {};
  const accessKeys = createAccessKeyIdentity(async (digest, signal) => {
    const { host } = lateHost;
    if (host === undefined) return { active: false };
    return host.clientFor(controlRoutes, serviceActor('platform', undefined)).introspectAccessKey({ body: { digest } }, { signal });
  }, now);
  const hub = createHubIdentity({ apiUrl: config.JUPYTERHUB_API_URL, serviceName: config.JUPYTERHUB_SERVICE_NAME, now });
  const urls = parseServiceUrls(config.STRATALAB_SERVICE_URLS);
  const host = await createHost(
    {
      database,
      logger,
      metrics,
      stop,
      internalKey,
      environment,
      clock: systemClock,
      identity: firstOf([createInternalIdentity(internalKey, () => new Date()), accessKeys, hub]),
      prefix: config.JUPYTERHUB_SERVICE_PREFIX.replace(/\/$/, ''),
      ...(origin === undefined ? {} : { allowedOrigins: [origin] }),
      remoteUrl: service => urls.get(service)
    },
    composeServices({ config, cluster, objects, people: createHubPeople({ apiUrl: config.JUPYTERHUB_API_URL, token: config.JUPYTERHUB_API_TOKEN }) })
  );
  lateHost.host = host;
  const drain = createDrain(async () => (await metrics.eventStreams.get()).values.reduce((sum, { value }) => sum + value, 0));
  drain.watch(host.app.server);
  const isReady = async (): Promise<void> => {
    if (drain.isDraining) throw new Problem('unavailable', { detail: 'The process is ending.' });
    await database.ping();
  };
  const listener =
    config.STRATALAB_METRICS_PORT === 0 ? undefined : await listenForMetrics(metrics, { host: config.STRATALAB_METRICS_HOST, port: config.STRATALAB_METRICS_PORT, isReady });
  return {
    host,
    database,
    logger,
    metrics,
    drain,
    async close() {
      listener?.close();
      await host.close();
      await database.close();
    }
  };
}
