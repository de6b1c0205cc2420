import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createClient, createHttpTransport, type Client } from '@stratalab/client';
import type { RouteTable } from '@stratalab/contracts';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { computeRoutes } from '@stratalab/contracts/compute';
import { controlRoutes } from '@stratalab/contracts/control';
import { modelsRoutes } from '@stratalab/contracts/models';
import { pipelinesRoutes } from '@stratalab/contracts/pipelines';
import { createInternalToken } from '@stratalab/kernel';
import { createTestDatabase, freePorts, onServer, startStockServer, template, testActor, type TestDatabase, waitFor, withDatabase } from '@stratalab/tooling';
import { environment as inherited } from '../config.ts';
import { startFakeHub, type FakeHub } from '../testing/fake-hub.test-support.ts';
import { startPlatformProcess, type PlatformProcess } from '../testing/platform-process.test-support.ts';
import { writePlatformSettings, type PlatformSettings } from '../testing/platform-settings.test-support.ts';
import { startPromotionLine, type PromotionLine } from './promotion-line.test-support.ts';
import { listTree } from './promotion.test-support.ts';

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
const patienceMs = 180_000;
jest.setTimeout(3 * patienceMs);
const admin = testActor({ subject: 'admin', tenants: { demo: 'admin' } });
const demo = { tenant: 'demo' } as const;
const adminToken = 'an-administrator-of-the-target';
const lineageOfJob = { urn: 'urn:strata:demo:dataset:delay-by-carrier@1', direction: 'up', depth: 5 } as const;

interface Side {
  readonly data: string;
  readonly settings: PlatformSettings;
  readonly databaseUrl: string;
  readonly port: number;
  process: PlatformProcess | undefined;
}

/** The demo tenant of a real platform on the embedded PostgreSQL moves to a real platform on a PostgreSQL by URL, while both are killed. */
describe('npx stratalab promote', () => {
  let hub: FakeHub;
  let database: TestDatabase;
  let server: Awaited<ReturnType<typeof startStockServer>>;
  let source: Side;
  let target: Side;
  let line: PromotionLine;
  let job = '';

  const start = async (side: Side, more: Readonly<Record<string, string>> = {}): Promise<void> => {
    side.process = await startPlatformProcess({ ...side.settings.environment, DATABASE_URL: side.databaseUrl, JUPYTERHUB_API_URL: hub.apiUrl, ...more }, side.port);
  };
  const client = <Table extends RouteTable>(side: Side, table: Table): Client<Table> =>
    createClient(
      table,
      createHttpTransport({
        baseUrl: `http://127.0.0.1:${side.port}`,
        headers: () => ({ authorization: `Bearer ${createInternalToken(admin, side.settings.internalKey, new Date())}` }),
        timeoutMs: 60_000
      })
    );
  const newSide = async (databaseUrl: string): Promise<Side> => {
    const data = await realpath(await mkdtemp(join(tmpdir(), 'stratalab-promotes-')));
    return { data, databaseUrl, settings: await writePlatformSettings(data), port: await freePorts(), process: undefined };
  };

  beforeAll(async () => {
    [hub, database, server] = [await startFakeHub('127.0.0.1', adminToken), await createTestDatabase(), await startStockServer()];
    await onServer(server.url, `create database promoted template ${template}`);
    [source, target] = [await newSide(database.url), await newSide(withDatabase(server.url, 'promoted'))];
    await writeFile(join(source.data, 'version'), '1\n');
    await start(source);
    await start(target, { STRATALAB_SAMPLE_TENANT: 'false' });
    line = await startPromotionLine(`http://127.0.0.1:${target.port}`);
    const versions = client(source, catalogRoutes);
    const isReady = async (dataset: string): Promise<boolean> => {
      const { items } = await versions.listVersions({ params: { ...demo, dataset } }).catch(() => ({ items: [] }));
      return items.some(({ state }) => state === 'ready');
    };
    await waitFor(() => isReady('flights'), patienceMs);
    await waitFor(() => isReady('flights_by_carrier'), patienceMs);
    await waitFor(async () => (await client(source, modelsRoutes).listModels({ params: demo })).items.length > 0, patienceMs);
    const { items } = await client(source, computeRoutes).listJobTemplates({ params: demo });
    const sample = items.find(({ name }) => name === 'delay-by-carrier');
    if (sample === undefined) throw new Error('The sample job is missing.');
    const submitted = await client(source, computeRoutes).submitJob({ params: demo, body: sample.job });
    job = submitted.id;
    await waitFor(async () => (await client(source, computeRoutes).getJob({ params: { ...demo, job } })).state === 'succeeded', patienceMs);
    await waitFor(() => isReady('delay-by-carrier'), patienceMs);
    // What both sides are compared by must not change any more: a run ends after its dataset is ready, and lineage follows its events.
    const runs = client(source, pipelinesRoutes);
    await waitFor(async () => (await runs.listRuns({ params: demo })).items.every(({ state }) => state === 'succeeded'), patienceMs);
    await waitFor(async () => JSON.stringify(await versions.getLineage({ params: demo, query: lineageOfJob })).includes(submitted.urn), patienceMs);
  });
  afterAll(async () => {
    line.close();
    await source.process?.stop();
    await target.process?.stop();
    await database.drop();
    await server.stop();
    await hub.stop();
    for (const side of [source, target]) await rm(side.data, { recursive: true, force: true });
  });

  interface Run {
    readonly child: ChildProcess;
    readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly said: string }>;
  }
  const promote = (...args: string[]): Run => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, 'promote', '--to', line.url, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: inherited['PATH'],
        HOME: inherited['HOME'],
        STRATALAB_DATA: source.data,
        STRATALAB_VENV: source.settings.environment['STRATALAB_VENV'],
        DATABASE_URL: source.databaseUrl,
        STRATALAB_PROMOTE_TOKEN: adminToken
      }
    });
    let out = '';
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return { child, ended: once(child, 'close').then(([code]: (number | null)[]) => ({ code: code ?? null, out, said })) };
  };
  /** What both sides must answer alike: every list, and everything that is behind its links. */
  const answers = async (side: Side): Promise<Record<string, unknown>> => {
    const [catalog, compute, models, pipelines, control] = [
      client(side, catalogRoutes),
      client(side, computeRoutes),
      client(side, modelsRoutes),
      client(side, pipelinesRoutes),
      client(side, controlRoutes)
    ];
    const datasets = (await catalog.listDatasets({ params: demo })).items.filter(({ name }) => name !== 'mounts');
    const runs = (await pipelines.listRuns({ params: demo })).items.filter(({ state }) => state === 'succeeded');
    return {
      datasets: await Promise.all(datasets.map(({ name }) => catalog.getVersion({ params: { ...demo, dataset: name, version: '1' } }))),
      rows: await catalog.previewVersion({ params: { ...demo, dataset: 'delay-by-carrier', version: '1' }, query: { limit: 20 } }),
      lineage: await catalog.getLineage({ params: demo, query: lineageOfJob }),
      jobs: await Promise.all((await compute.listJobs({ params: demo })).items.map(({ id }) => compute.getJob({ params: { ...demo, job: id } }))),
      models: await Promise.all((await models.listModels({ params: demo })).items.map(({ name }) => models.getModel({ params: { ...demo, model: name } }))),
      runs: await Promise.all(runs.map(({ id }) => pipelines.getRun({ params: { ...demo, run: id } }))),
      keys: (await control.listAccessKeys({ params: demo })).items.map(({ id, name }) => ({ id, name })),
      audit: (await control.listAudit({ params: demo, query: { limit: 200 } })).items.map(({ requestId, operation, target: object }) => ({ requestId, operation, object }))
    };
  };

  test('kill -9 of the sender and of the receiver in the middle: the next run goes on, and every link opens there as it did here', async () => {
    const before = await answers(source);
    await source.process?.stop();
    source.process = undefined;

    const dry = await promote('--dry-run').ended;
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('nothing was moved') });
    expect(await listTree(join(target.data, 'promotions'))).toEqual([]);

    line.holdAfter(4);
    const first = promote();
    await waitFor(() => line.heldPieces > 0, patienceMs);
    first.child.kill('SIGKILL');
    await first.ended;
    const arrived = await listTree(join(target.data, 'promotions/demo'));
    expect(arrived.filter(name => name.startsWith('whole/')).length).toBeGreaterThan(1);

    line.holdAfter(4);
    const second = promote();
    await waitFor(() => line.heldPieces > 0, patienceMs);
    await target.process?.kill();
    line.letGo();
    await start(target, { STRATALAB_SAMPLE_TENANT: 'false' });
    const outcome = await second.ended;
    expect(outcome).toMatchObject({ code: 0, out: expect.stringMatching(/demo is at .* rows and .* files, each checked; .* links opened there/) });
    expect(`${outcome.out}${outcome.said}`).not.toContain(adminToken);
    expect(await listTree(join(target.data, 'promotions'))).toEqual([]);

    const after = await answers(target);
    for (const [name, value] of Object.entries(before)) {
      if (name === 'audit') expect(after[name]).toEqual(expect.arrayContaining(Object(value)));
      else expect({ [name]: after[name] }).toEqual({ [name]: value });
    }
    expect(await client(target, controlRoutes).verifyAudit({ params: demo })).toMatchObject({ isIntact: true });

    expect(documented('dry run')).toBe(shape(dry.out));
    expect(documented('each checked')).toBe(shape(outcome.out));

    const again = await promote().ended;
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('was promoted to') });
    // The tenant lives there: the promoted job runs again, on the promoted data.
    const retried = await client(target, computeRoutes).retryJob({ params: { ...demo, job } });
    await waitFor(async () => (await client(target, computeRoutes).getJob({ params: { ...demo, job: retried.id } })).state === 'succeeded', patienceMs);
  });
});

/** What the documentation shows, and what was really said, without numbers, addresses and what happened to be unfinished. */
function shape(text: string): string {
  return text
    .split('\n')
    .filter(line => !line.startsWith('    '))
    .join('\n')
    .replaceAll(/https?:\/\/[^\s:]+(:\d+)?/g, 'ADDRESS')
    .replaceAll(/\d[\d.]*/g, 'N')
    .replaceAll(/\bmembers?\b/g, 'members');
}

function documented(words: string): string {
  const page = readFileSync(fileURLToPath(new URL('../../../../docs/from-laptop-to-cluster.md', import.meta.url)), 'utf8');
  const block = [...page.matchAll(/```text\n([^`]*)```/g)].map(([, text = '']) => text).find(text => text.startsWith('To ') && text.includes(words));
  return shape(block ?? 'nothing of the kind');
}
