import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalog } from '@stratalab/catalog';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { pipelinesRoutes } from '@stratalab/contracts/pipelines';
import { control } from '@stratalab/control';
import { mountService } from '@stratalab/kernel';
import { createLocalMounts } from '@stratalab/mounts-local';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { createDuckDbQueryEngine, createStaging } from '@stratalab/query-duckdb';
import { createTestHost, fakeControlPorts, waitFor, type TestHost } from '@stratalab/tooling';
import { pipelines } from './index.ts';
import { ann, environment, flightsCsv } from './testing/pipelines-host.ts';

const params = { tenant: 'demo' };
/** On a machine that does other things too. */
const patienceMs = 60_000;
jest.setTimeout(3 * patienceMs);

/** The real catalog: its sample dataset makes the sample pipeline run, whose output is a dataset at once. */
describe('pipelines with the catalog', () => {
  let host: TestHost;
  let dataFolder = '';

  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-pipelines-catalog-'));
    const query = createDuckDbQueryEngine();
    host = await createTestHost({
      environment,
      isBackgroundRunning: true,
      services: [
        mountService(control, fakeControlPorts()),
        mountService(catalog, {
          query,
          store: createFolderObjectStore({ dataFolder }),
          workspaces: createLocalMounts({ dataFolder }),
          samples: {
            all: [{ name: 'flights', description: 'Flights', tags: [], sql: 'select * from data', sizeBytes: 10_000 }],
            write: (_name, folder) => writeFile(join(folder, 'flights.csv'), flightsCsv)
          }
        }),
        mountService(pipelines, { queryEngine: query, staging: createStaging(dataFolder) })
      ]
    });
  });
  afterAll(async () => {
    await host.close();
    await rm(dataFolder, { recursive: true, force: true });
  });

  const ended = (id: string) =>
    waitFor(async () => {
      const run = await host.clientFor(pipelinesRoutes, ann).getRun({ params: { ...params, run: id } });
      return run.state === 'queued' || run.state === 'running' ? undefined : run;
    }, patienceMs);

  test('the sample runs once its dataset is there and its output is a dataset with an origin', async () => {
    const client = host.clientFor(pipelinesRoutes, ann);
    const first = await waitFor(async () => (await client.listRuns({ params })).items[0], patienceMs);
    const run = await ended(first.id);
    expect(run).toMatchObject({ state: 'succeeded', trigger: 'sample', steps: [{ output: { dataset: 'flights_by_carrier', version: '1', rowCount: 3 } }] });
    const datasets = host.clientFor(catalogRoutes, ann);
    expect(await datasets.getDataset({ params: { ...params, dataset: 'flights_by_carrier' } })).toMatchObject({ versionCount: 1 });
    const graph = await waitFor(async () => {
      const answer = await datasets.getLineage({ params, query: { urn: run.urn, direction: 'both', depth: 1 } });
      return answer.nodes.length === 4 ? answer : undefined;
    });
    expect(graph.nodes.map(({ urn, side }) => [urn, side]).sort()).toEqual(
      [
        [run.urn, 'self'],
        ['urn:strata:demo:dataset:flights@1', 'up'],
        ['urn:strata:demo:dataset:flights_by_carrier@1', 'down'],
        ['urn:strata:demo:pipeline:flights-per-carrier', 'up']
      ].sort()
    );
  });

  test('a step reads what the step before published a moment ago; a second run makes a second version', async () => {
    const client = host.clientFor(pipelinesRoutes, ann);
    const document =
      'name: chain\nsteps:\n  - { name: one, kind: sql, sql: "select carrier, distance from flights", output: chain_a }\n  - { name: two, kind: sql, sql: "select sum(distance) as d from chain_a", output: chain_b }\n';
    await client.createPipeline({ params, body: { document } });
    for (const version of ['1', '2']) {
      const run = await ended((await client.runPipeline({ params: { ...params, pipeline: 'chain' } })).id);
      expect(run).toMatchObject({ state: 'succeeded', steps: [{ output: { version } }, { inputs: [`urn:strata:demo:dataset:chain_a@${version}`], output: { version } }] });
    }
    const answer = await client.runQuery({ params, body: { sql: 'select d from chain_b' } });
    expect(answer).toMatchObject({ rows: [[5481]], datasets: [{ urn: 'urn:strata:demo:dataset:chain_b@2' }] });
  });
});
