import { Type, type Static } from 'typebox';
import { clusterConfig } from './cluster-config.ts';
import { rayConfig } from './ray-config.ts';
import { s3Config } from './s3-config.ts';

/** Settings of the platform process. The supervisor and the Hub set them; by hand only when services run apart. */
export const platformConfig = Type.Object({
  DATABASE_URL: Type.String({ minLength: 1, description: 'PostgreSQL 15 or newer with pgvector; a role that is no superuser' }),
  STRATALAB_DATA: Type.String({ minLength: 1, description: 'Data folder: objects, jobs, workspaces' }),
  STRATALAB_VENV: Type.String({ minLength: 1, description: 'Python environment of the product: sample models, embedder, model processes' }),
  STRATALAB_SECRETS: Type.String({ minLength: 1, description: 'Folder of secret files (0700), here internal-key' }),
  STRATALAB_SERVICES: Type.String({ default: '', description: 'Comma-separated services of this process; all when empty' }),
  STRATALAB_SERVICE_URLS: Type.String({ default: '', description: 'Where the other services answer: name=url, comma-separated; needed only when services run apart' }),
  STRATALAB_METRICS_PORT: Type.Integer({ default: 0, minimum: 0, maximum: 65_535, description: 'Listener of /metrics, /livez, /readyz; 0 turns it off' }),
  STRATALAB_METRICS_HOST: Type.String({ default: '127.0.0.1', description: 'Address of that listener; loopback unless probes come from elsewhere, as in a pod' }),
  STRATALAB_SHUTDOWN_SECONDS: Type.Integer({ default: 0, minimum: 0, maximum: 3600, description: 'How long open requests may take once the process is asked to end (seconds)' }),
  STRATALAB_LOG_LEVEL: Type.String({ default: 'info', description: 'pino level: trace, debug, info, warn, error' }),
  STRATALAB_ADMIN: Type.String({ default: 'admin', description: 'User that administers the sample tenant of a new installation' }),
  STRATALAB_ORIGIN: Type.String({
    default: '',
    description: 'Origin browsers use (https://lab.example.org); others are refused. Empty or loopback: pages of the address they ask'
  }),
  JUPYTERHUB_API_URL: Type.String({ minLength: 1, description: 'Set by the Hub: where tokens are verified' }),
  JUPYTERHUB_API_TOKEN: Type.String({ minLength: 1, description: 'Set by the Hub: our own credential' }),
  JUPYTERHUB_SERVICE_NAME: Type.String({ default: 'stratalab', description: 'Set by the Hub' }),
  JUPYTERHUB_SERVICE_PREFIX: Type.String({ default: '/services/stratalab/', description: 'Set by the Hub: prefix the proxy keeps' }),
  JUPYTERHUB_BASE_URL: Type.String({ default: '/', description: 'Set by the Hub: its base path, as browsers see it' }),
  JUPYTERHUB_SERVICE_URL: Type.String({ default: 'http://127.0.0.1:8003', description: 'Set by the Hub: where to listen' })
});

/** Everything the platform process reads. */
export const processConfig = Type.Object({ ...platformConfig.properties, ...clusterConfig.properties, ...rayConfig.properties, ...s3Config.properties });
export type PlatformConfig = Static<typeof processConfig>;

export type Environment = Readonly<Record<string, string | undefined>>;
/** The environment of this process; the only place that reads it. */
export const environment: Environment = process.env;
