import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controlRoutes } from '@stratalab/contracts/control';
import { pipelinesRoutes } from '@stratalab/contracts/pipelines';
import { control } from '@stratalab/control';
import { createPostgresDatabase } from '@stratalab/database-postgres';
import { createHost, createInternalIdentity, createLogger, createMetrics, mountService, wake, type Clock, type Database, type Host } from '@stratalab/kernel';
import { createDuckDbQueryEngine, createStaging } from '@stratalab/query-duckdb';
import { administrator, createTestDatabase, fakeControlPorts, waitFor, type TestDatabase } from '@stratalab/tooling';
import { pipelines } from './index.ts';
import { tables } from './store/tables.ts';
import { createFakeCatalog, type FakeCatalog } from './testing/fake-catalog.ts';
import { ann, environment, flightsCsv, oneStep } from './testing/pipelines-host.ts';

const params = { tenant: 'demo' };
/** On a machine that does other things too. */
const patienceMs = 60_000;
jest.setTimeout(4 * patienceMs);

/** Two processes over one database, and a clock the test turns. */
describe('schedules under two hosts', () => {
  let created: TestDatabase;
  let dataFolder = '';
  let catalog: FakeCatalog;
  const stop = new AbortController();
  const hosts: { readonly host: Host; readonly database: Database }[] = [];
  let now = new Date('2026-03-28T12:00:00Z');
  const clock: Clock = { now: () => now };
  const key = Buffer.alloc(48, 7);

  const addHost = async (): Promise<Host> => {
    const logger = createLogger({ level: 'silent', service: 'test' });
    const database = createPostgresDatabase({ url: created.url, logger, poolSize: 5 });
    const host = await createHost(
      { database, logger, clock, environment, internalKey: key, metrics: createMetrics(), stop: stop.signal, identity: createInternalIdentity(key, () => now), prefix: '' },
      [mountService(control, fakeControlPorts()), catalog.service, mountService(pipelines, { queryEngine: createDuckDbQueryEngine(), staging: createStaging(dataFolder) })]
    );
    hosts.push({ host, database });
    host.startBackground();
    return host;
  };
  const first = () => {
    const [item] = hosts;
    if (item === undefined) throw new Error('There is a host.');
    return item;
  };
  const client = () => first().host.clientFor(pipelinesRoutes, ann);
  /** Every schedule is looked at now, by whichever host comes first. */
  const wakeAll = () =>
    first().database.asSystem('test', tx => tx.updateTable('kernel.reconcile_item').set({ due_at: '2000-01-01T00:00:00Z' }).where('kind', '=', 'pipeline-schedule').execute());
  const slotsOf = async (pipeline: string) => (await client().listRuns({ params, query: { pipeline } })).items.map(({ logicalDate }) => logicalDate).reverse();
  const nextOf = async (pipeline: string) => (await client().getPipeline({ params: { ...params, pipeline } })).schedule?.nextRunAt;

  beforeAll(async () => {
    created = await createTestDatabase();
    dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-schedules-'));
    catalog = createFakeCatalog(dataFolder);
    await catalog.addCsv('demo', 'flights', flightsCsv);
    await addHost();
    await addHost();
  });
  afterAll(async () => {
    stop.abort();
    for (const { host, database } of hosts) {
      await host.close();
      await database.close();
    }
    await created.drop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  test('F32 each slot runs once, also in the night the clocks change', async () => {
    await client().createPipeline({ params, body: { document: oneStep('berlin', 'schedule: { cron: "30 2 * * *", timeZone: Europe/Berlin }') } });
    const expected = ['2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z', '2026-03-31T00:30:00Z'];
    for (const [index, slot] of expected.entries()) {
      expect(Date.parse((await nextOf('berlin')) ?? '')).toBe(Date.parse(slot));
      now = new Date(Date.parse(slot) + 1_000);
      await wakeAll();
      await wakeAll();
      await waitFor(async () => (await slotsOf('berlin')).length === index + 1 && Date.parse((await nextOf('berlin')) ?? '') > now.getTime(), patienceMs);
    }
    expect((await slotsOf('berlin')).map(slot => Date.parse(slot ?? ''))).toEqual(expected.map(slot => Date.parse(slot)));
    const runs = await waitFor(async () => {
      const { items } = await client().listRuns({ params, query: { pipeline: 'berlin' } });
      return items.every(({ state }) => state === 'succeeded') ? items : undefined;
    }, patienceMs);
    expect(runs.every(({ trigger }) => trigger === 'schedule')).toBe(true);
    expect(catalog.versionsOf('demo', 'berlin_out')).toHaveLength(3);
  });

  test('slots missed while nothing ran are left out, unless the pipeline catches up', async () => {
    now = new Date('2026-05-01T00:00:30Z');
    await client().createPipeline({ params, body: { document: oneStep('skips', 'schedule: { cron: "0 * * * *" }') } });
    await client().createPipeline({ params, body: { document: oneStep('catches', 'concurrency: 5\nschedule: { cron: "0 * * * *", catchUp: true }') } });
    now = new Date('2026-05-01T03:30:00Z');
    await wakeAll();
    await waitFor(async () => (await slotsOf('catches')).length === 3 && Date.parse((await nextOf('skips')) ?? '') === Date.parse('2026-05-01T04:00:00Z'), patienceMs);
    expect(await slotsOf('skips')).toEqual([]);
    expect((await slotsOf('catches')).map(slot => new Date(slot ?? '').getUTCHours())).toEqual([1, 2, 3]);
  });

  test('a slot that the schedule names twice in the database is one run', async () => {
    const database = first().database;
    const before = await slotsOf('catches');
    const twin = await database.asSystem('test', async tx => {
      const [row] = await tables(tx).selectFrom('pipelines.run').selectAll().where('pipeline_name', '=', 'catches').execute();
      if (row === undefined) throw new Error('There is a run.');
      const result = await tables(tx)
        .insertInto('pipelines.run')
        .values({ ...row, id: '0'.repeat(26) })
        .onConflict(conflict => conflict.doNothing())
        .executeTakeFirst();
      return Number(result.numInsertedOrUpdatedRows ?? 0n);
    });
    expect(twin).toBe(0);
    expect(await slotsOf('catches')).toEqual(before);
  });

  test('in a closed tenant no slot comes, and a run that slipped in ends and says why; opened again, the schedule goes on with its next slot', async () => {
    now = new Date('2026-06-01T00:00:30Z');
    await client().createPipeline({ params, body: { document: oneStep('stops', 'schedule: { cron: "0 * * * *", catchUp: true }') } });
    const root = first().host.clientFor(controlRoutes, administrator);
    await root.closeTenant({ params });
    await waitFor(async () => (await nextOf('stops')) === null, patienceMs);
    now = new Date('2026-06-01T03:30:00Z');
    await expect(client().runPipeline({ params: { ...params, pipeline: 'stops' } })).rejects.toMatchObject({ code: 'invalid-state' });
    // As if the slot had come between the closing and the news of it.
    await first().database.asSystem('test', async tx => {
      const row = await tables(tx)
        .updateTable('pipelines.pipeline')
        .set({ next_run_at: '2026-06-01T03:00:00Z' })
        .where('name', '=', 'stops')
        .returningAll()
        .executeTakeFirstOrThrow();
      await wake(tx, { kind: 'pipeline-schedule', objectId: row.id, tenant: row.tenant });
    });
    const run = await waitFor(async () => (await client().listRuns({ params, query: { pipeline: 'stops' } })).items.find(({ state }) => state === 'cancelled'), patienceMs);
    const { items: lines } = await client().getRunLog({ params: { ...params, run: run.id }, query: {} });
    expect(lines[0]?.text).toBe('Not started: This tenant is closed; nothing new starts in it.');
    await first().database.asSystem('test', tx => tables(tx).updateTable('pipelines.pipeline').set({ next_run_at: null }).where('name', '=', 'stops').execute());
    await root.reopenTenant({ params });
    await waitFor(async () => Date.parse((await nextOf('stops')) ?? '') === Date.parse('2026-06-01T04:00:00Z'), patienceMs);
    expect(await slotsOf('stops')).toHaveLength(1);
  });
});
