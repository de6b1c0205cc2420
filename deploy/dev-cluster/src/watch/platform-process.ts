import { KubeConfig } from '@kubernetes/client-node';
import { createPostgresDatabase } from '@stratalab/database-postgres';
import { createHost, createInternalIdentity, createLogger, createMetrics, systemClock } from '@stratalab/kernel';
import { clusterServices, simulatedSite, watchedRuntime } from './cluster-services.ts';

/** The platform as a process of its own on a cluster, to be killed at any moment: `platform-process.ts DATABASE_URL DATA_FOLDER INTERNAL_KEY KUBECONFIG SERVER`. */
const [url = '', dataFolder = '', keyText = '', file = '', server = ''] = process.argv.slice(2);
const internalKey = Buffer.from(keyText, 'base64url');
const logger = createLogger({ level: 'silent', service: 'test' });
const metrics = createMetrics();
const kubeConfig = new KubeConfig();
kubeConfig.loadFromFile(file);
kubeConfig.clusters = kubeConfig.clusters.map(cluster => ({ ...cluster, server }));
const { runtime, watch } = watchedRuntime({ kubeConfig, logger, metrics, site: simulatedSite(dataFolder) });
void watch.run(new AbortController().signal);
const host = await createHost(
  {
    ...{ logger, metrics, internalKey, clock: systemClock, prefix: '', stop: new AbortController().signal },
    database: createPostgresDatabase({ url, logger, poolSize: 6 }),
    environment: { STRATALAB_JOB_LEASE_SECONDS: '3' },
    identity: createInternalIdentity(internalKey, () => new Date())
  },
  clusterServices(dataFolder, runtime)
);
host.startBackground();
process.stdout.write('ready\n');
