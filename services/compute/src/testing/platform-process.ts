import { createPostgresDatabase } from '@stratalab/database-postgres';
import { createHost, createInternalIdentity, createLogger, createMetrics, systemClock } from '@stratalab/kernel';
import { computeServices } from './compute-services.ts';

/** The platform as a process of its own, to be killed at any moment: `platform-process.ts DATABASE_URL DATA_FOLDER INTERNAL_KEY`. */
const [url = '', dataFolder = '', keyText = ''] = process.argv.slice(2);
const internalKey = Buffer.from(keyText, 'base64url');
const logger = createLogger({ level: 'silent', service: 'test' });
const host = await createHost(
  {
    logger,
    internalKey,
    database: createPostgresDatabase({ url, logger, poolSize: 6 }),
    metrics: createMetrics(),
    stop: new AbortController().signal,
    clock: systemClock,
    environment: { STRATALAB_JOB_LEASE_SECONDS: '3' },
    identity: createInternalIdentity(internalKey, () => new Date()),
    prefix: ''
  },
  computeServices(dataFolder)
);
host.startBackground();
process.stdout.write('ready\n');
