import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createClient, createHttpTransport, type Client } from '@stratalab/client';
import type { RouteTable } from '@stratalab/contracts';
import { agentsRoutes } from '@stratalab/contracts/agents';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { computeRoutes } from '@stratalab/contracts/compute';
import { modelsRoutes } from '@stratalab/contracts/models';
import { servingRoutes } from '@stratalab/contracts/serving';
import { createInternalToken } from '@stratalab/kernel';
import { createTestDatabase, freePorts, testActor, type TestDatabase, waitFor } from '@stratalab/tooling';
import { startFakeHub, type FakeHub } from './testing/fake-hub.test-support.ts';
import { startPlatformProcess, type PlatformProcess } from './testing/platform-process.test-support.ts';
import { writePlatformSettings } from './testing/platform-settings.test-support.ts';

const names = ['control', 'catalog', 'compute', 'pipelines', 'models', 'serving', 'agents'] as const;
type ServiceName = (typeof names)[number];
const admin = testActor({ subject: 'admin', tenants: { demo: 'admin' } });
const demo = { tenant: 'demo' } as const;
const patienceMs = 120_000;
jest.setTimeout(2 * patienceMs);

/** The whole platform as seven processes that know each other by URL only; what one asks of another goes over HTTP, with the caller's actor. */
describe('every service in a process of its own', () => {
  let hub: FakeHub;
  let database: TestDatabase;
  let data = '';
  let internalKey: Buffer;
  const urls = new Map<ServiceName, string>();
  const processes: PlatformProcess[] = [];

  beforeAll(async () => {
    [hub, database] = [await startFakeHub(), await createTestDatabase()];
    data = await realpath(await mkdtemp(join(tmpdir(), 'stratalab-apart-')));
    const settings = await writePlatformSettings(data);
    internalKey = settings.internalKey;
    const ports = new Map<ServiceName, number>();
    for (const name of names) ports.set(name, await freePorts());
    for (const name of names) urls.set(name, `http://127.0.0.1:${ports.get(name) ?? 0}`);
    const environment = { ...settings.environment, DATABASE_URL: database.url, JUPYTERHUB_API_URL: hub.apiUrl };
    for (const name of names) {
      const others = names.filter(other => other !== name).map(other => `${other}=${urls.get(other) ?? ''}`);
      processes.push(await startPlatformProcess({ ...environment, STRATALAB_SERVICES: name, STRATALAB_SERVICE_URLS: others.join(',') }, ports.get(name)));
    }
  });
  afterAll(async () => {
    await Promise.all(processes.map(running => running.stop()));
    await database.drop();
    await hub.stop();
    await rm(data, { recursive: true, force: true });
  });

  const client = <Table extends RouteTable>(name: ServiceName, table: Table): Client<Table> =>
    createClient(
      table,
      createHttpTransport({
        baseUrl: urls.get(name) ?? '',
        headers: () => ({ authorization: `Bearer ${createInternalToken(admin, internalKey, new Date())}` }),
        timeoutMs: patienceMs
      })
    );
  const isReady = async (dataset: string): Promise<boolean> => {
    const { items } = await client('catalog', catalogRoutes)
      .listVersions({ params: { ...demo, dataset } })
      .catch(() => ({ items: [] }));
    return items.some(({ state }) => state === 'ready');
  };

  test('the sample tenant builds itself: data, a pipeline that ran on it, a model, and a collection that is indexed', async () => {
    await waitFor(() => isReady('flights'), patienceMs);
    await waitFor(() => isReady('flights_by_carrier'), patienceMs);
    await waitFor(async () => (await client('models', modelsRoutes).listModels({ params: demo })).items.length > 0, patienceMs);
    const handbook = async () => (await client('agents', agentsRoutes).listCollections({ params: demo })).items.find(({ name }) => name === 'handbook');
    await waitFor(async () => (await handbook())?.state === 'ready', patienceMs);
  });

  test('a job reads a dataset of the catalog and its output is a version there, with its lineage', async () => {
    const jobs = client('compute', computeRoutes);
    const { items } = await jobs.listJobTemplates({ params: demo });
    const template = items.find(({ name }) => name === 'delay-by-carrier');
    if (template === undefined) throw new Error('The sample job is missing.');
    const { id, urn } = await jobs.submitJob({ params: demo, body: template.job });
    const over = await waitFor(async () => {
      const job = await jobs.getJob({ params: { ...demo, job: id } });
      return job.finishedAt === null ? undefined : job;
    }, patienceMs);
    expect([over.state, over.reason, over.outputs[0]?.urn]).toEqual(['succeeded', null, 'urn:strata:demo:dataset:delay-by-carrier@1']);
    const query = { urn: 'urn:strata:demo:dataset:delay-by-carrier@1', direction: 'up', depth: 3 } as const;
    await waitFor(async () => JSON.stringify(await client('catalog', catalogRoutes).getLineage({ params: demo, query })).includes(urn), patienceMs);
  });

  test('a model of the registry answers a collection of the agents, through the gateway of serving', async () => {
    const serving = client('serving', servingRoutes);
    await serving.deployModel({ params: demo, body: { name: 'chat', model: 'smollm2-135m-instruct' } });
    await waitFor(async () => (await serving.getDeployment({ params: { ...demo, deployment: 'chat' } })).state === 'ready', patienceMs);
    const answer = await client('agents', agentsRoutes).ask({ params: { ...demo, collection: 'handbook' }, body: { question: 'What is a tenant?', endpoint: 'chat' } });
    expect(answer.passages.length).toBeGreaterThan(0);
    expect(answer.usage?.completionTokens).toBeGreaterThan(0);
    await serving.deleteDeployment({ params: { ...demo, deployment: 'chat' } });
    await waitFor(
      async () =>
        serving.getDeployment({ params: { ...demo, deployment: 'chat' } }).then(
          () => undefined,
          () => true
        ),
      patienceMs
    );
  });
});
