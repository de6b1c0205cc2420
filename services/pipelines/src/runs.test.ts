import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';
import { pipelinesRoutes, type PipelineRun } from '@stratalab/contracts/pipelines';
import type { Client } from '@stratalab/client';
import { administrator, waitFor } from '@stratalab/tooling';
import { tables } from './store/tables.ts';
import { wakeRun } from './usecases/note-change.ts';
import { ann, createPipelinesHost, eve, oneStep, type PipelinesHost } from './testing/pipelines-host.ts';

const params = { tenant: 'demo' };
/** On a machine that does other things too. */
const patienceMs = 60_000;
jest.setTimeout(3 * patienceMs);
/** When nobody has said for too long that he works on a step. */
const longAgo = '2000-01-01T00:00:00Z';

describe('pipeline runs', () => {
  let suite: PipelinesHost;
  let client: Client<typeof pipelinesRoutes>;
  /** Queries whose SQL or folder holds this word wait until it is taken away again. */
  const held = new Set<string>();
  /** Folders that a query ran into to its end, well or badly. */
  const written = new Set<string>();
  const failing = new Map<string, Problem[]>();

  const ended = (run: { readonly id: string }): Promise<PipelineRun> =>
    waitFor(async () => {
      const now = await client.getRun({ params: { ...params, run: run.id } });
      return now.state === 'queued' || now.state === 'running' ? undefined : now;
    }, patienceMs);
  const start = async (document: string): Promise<PipelineRun> => {
    const pipeline = await client.createPipeline({ params, body: { document } });
    return client.runPipeline({ params: { ...params, pipeline: pipeline.name } });
  };
  const jobs = async (): Promise<number> => {
    const { items } = await suite.host.clientFor(controlRoutes, ann).getQuotas({ params });
    const quota = items.find(({ resource }) => resource === 'jobs');
    return (quota?.used ?? 0) + (quota?.reserved ?? 0);
  };
  /** The step `count` of a run as the database has it. */
  const stepOf = (run: { readonly id: string }) =>
    suite.host.database.asSystem('test', tx =>
      tables(tx).selectFrom('pipelines.run_step').selectAll().where('run_id', '=', run.id).where('name', '=', 'count').executeTakeFirstOrThrow()
    );
  /** The staging folder of the attempt that runs. */
  const runningIn = (run: { readonly id: string }): Promise<string> =>
    waitFor(async () => {
      const { state, staging_id: stagingId } = await stepOf(run);
      return state === 'running' && stagingId !== null && stagingId;
    });
  /** Changes the step `count` and has its run looked at; answers the fencing token of the last look before that. */
  const rewrite = (run: { readonly id: string }, change: { readonly claim?: string; readonly heartbeat_at: string }): Promise<number | undefined> =>
    suite.host.database.asSystem('test', async tx => {
      await tables(tx).updateTable('pipelines.run_step').set(change).where('run_id', '=', run.id).where('name', '=', 'count').execute();
      await wakeRun(tx, { id: run.id, tenant: 'demo' });
      return (await tx.selectFrom('kernel.reconcile_item').select('fence').where('object_id', '=', run.id).executeTakeFirst())?.fence;
    });
  const exists = (path: string): Promise<boolean> =>
    stat(path).then(
      () => true,
      () => false
    );

  beforeAll(async () => {
    suite = await createPipelinesHost({
      isBackgroundRunning: true,
      wrapEngine: engine => ({
        inspect: request => engine.inspect(request),
        async run(request) {
          for (const [word, problems] of failing) {
            const problem = request.sql.includes(word) ? problems.shift() : undefined;
            if (problem !== undefined) throw problem;
          }
          const folder = request.output?.folder ?? '';
          for (const word of held) if (request.sql.includes(word) || folder.includes(word)) await waitFor(() => !held.has(word) || request.signal.aborted);
          return engine.run(request).finally(() => written.add(folder));
        }
      })
    });
    client = suite.host.clientFor(pipelinesRoutes, ann);
  });
  afterAll(() => suite.close());

  test('a run publishes each output once, with what it was made from, and gives its quota back', async () => {
    const document = `${oneStep('two').replace('two_out', 'mid')}  - name: top\n    kind: sql\n    sql: select carrier from mid where n > 1\n    output: two_out\n`;
    const run = await ended(await start(document));
    expect(run).toMatchObject({ state: 'succeeded', trigger: 'manual', stepCount: 2, stepsDone: 2, createdBy: 'ann' });
    expect(run.steps.map(({ name, attempt, inputs, output }) => ({ name, attempt, inputs, output }))).toEqual([
      { name: 'count', attempt: 1, inputs: ['urn:strata:demo:dataset:flights@1'], output: { dataset: 'mid', version: '1', urn: 'urn:strata:demo:dataset:mid@1', rowCount: 3 } },
      { name: 'top', attempt: 1, inputs: ['urn:strata:demo:dataset:mid@1'], output: { dataset: 'two_out', version: '1', urn: 'urn:strata:demo:dataset:two_out@1', rowCount: 1 } }
    ]);
    expect((await client.runQuery({ params, body: { sql: 'from two_out' } })).rows).toEqual([['UA']]);
    const { items } = await client.getRunLog({ params: { ...params, run: run.id } });
    expect(items.map(({ text }) => text.replace(/in .* s/, 'in T s'))).toEqual([
      'Started: version 1 of two.',
      'Reads flights@1.',
      'Published mid@1: 3 rows in T s.',
      'Reads mid@1.',
      'Published two_out@1: 1 row in T s.',
      'The run succeeded.'
    ]);
    await waitFor(async () => (await jobs()) === 0, patienceMs);
    expect(await readdir(join(suite.dataFolder, 'tenants', 'demo', 'staging'))).toEqual([]);
    const events = await suite.host.database.asSystem('test', tx =>
      tx.selectFrom('kernel.event').select(['name', 'data']).where('urn', '=', run.urn).orderBy('time').orderBy('id').execute()
    );
    expect(events.at(0)).toMatchObject({ name: 'pipeline-run.changed.v1', data: { state: 'queued', pipeline: 'two' } });
    expect(events.filter(({ name }) => name === 'pipeline-run.finished.v1')).toHaveLength(1);
  });

  test('a mistake in the SQL fails at once, what is behind it is skipped, and a rerun uses what succeeded', async () => {
    const document = `${oneStep('fails').replace('fails_out', 'fails_mid')}  - name: breaks\n    kind: sql\n    sql: select carrier::int as x from fails_mid\n    output: fails_out\n  - name: last\n    kind: sql\n    sql: from fails_out\n    output: fails_last\n`;
    const run = await ended(await start(document));
    expect(run.state).toBe('failed');
    expect(run.steps.map(({ name, state, attempt }) => [name, state, attempt])).toEqual([
      ['count', 'succeeded', 1],
      ['breaks', 'failed', 1],
      ['last', 'skipped', 0]
    ]);
    expect(run.steps[1]?.problem).toMatchObject({ code: 'invalid-input', detail: expect.stringContaining('Could not convert') });
    const again = await ended(await client.rerunFromFailed({ params: { ...params, run: run.id } }));
    expect(again).toMatchObject({ state: 'failed', trigger: 'rerun', rerunOf: run.id });
    expect(again.steps[0]).toMatchObject({ state: 'succeeded', attempt: 0, reusedFromRun: run.id, output: { version: '1' } });
    expect(suite.catalog.versionsOf('demo', 'fails_mid')).toHaveLength(1);
  });

  test('a failure that may pass is tried again, up to the number of retries', async () => {
    failing.set('wobbly', [new Problem('unavailable', { detail: 'away' }), new Problem('timed-out', { detail: 'slow' })]);
    const run = await ended(await start(oneStep('wobbly', 'retries: { count: 2, backOffSeconds: 0.05 }', 'select 1 as wobbly')));
    expect(run).toMatchObject({ state: 'succeeded', steps: [{ attempt: 3, maxAttempts: 3 }] });
    failing.set('hopeless', [new Problem('unavailable', { detail: 'away' }), new Problem('unavailable', { detail: 'still away' })]);
    const lost = await ended(await start(oneStep('hopeless', 'retries: { count: 1, backOffSeconds: 0.05 }', 'select 1 as hopeless')));
    expect(lost).toMatchObject({ state: 'failed', steps: [{ attempt: 2, problem: { code: 'unavailable', detail: 'still away' } }] });
    const { items } = await client.getRunLog({ params: { ...params, run: lost.id }, query: { step: 'count' } });
    expect(items.filter(({ level }) => level === 'error').map(({ text }) => text)).toEqual(['away Tries again in 0.05 s (2 of 2).', 'still away']);
  });

  test('runs of a pipeline wait for their turn and say so; a cancelled one stops', async () => {
    held.add('slowly');
    const first = await start(oneStep('slow', '', 'select 1 as slowly'));
    await waitFor(async () => (await client.getRun({ params: { ...params, run: first.id } })).steps[0]?.state === 'running');
    const second = await client.runPipeline({ params: { ...params, pipeline: 'slow' } });
    await waitFor(async () => (await client.getRun({ params: { ...params, run: second.id } })).waitReason === 'Waits for an earlier run of this pipeline to end (1 at once).');
    expect(await client.deletePipeline({ params: { ...params, pipeline: 'slow' } }).catch((error: unknown) => error)).toMatchObject({ code: 'in-use' });
    await client.cancelRun({ params: { ...params, run: first.id } });
    expect(await ended(first)).toMatchObject({ state: 'cancelled', steps: [{ state: 'cancelled' }] });
    held.delete('slowly');
    expect(await ended(second)).toMatchObject({ state: 'succeeded', waitReason: null });
    expect(suite.catalog.versionsOf('demo', 'slow_out')).toHaveLength(1);
    expect(await client.cancelRun({ params: { ...params, run: first.id } }).catch((error: unknown) => error)).toMatchObject({ code: 'invalid-state' });
    await waitFor(async () => (await jobs()) === 0, patienceMs);
  });

  test('J7 a run beyond the quota is refused with the numbers', async () => {
    const root = suite.host.clientFor(controlRoutes, administrator);
    await root.setQuota({ params: { tenant: 'demo', resource: 'jobs' }, body: { limit: 0 } });
    const pipeline = await client.createPipeline({ params, body: { document: oneStep('quota') } });
    const refused: unknown = await client.runPipeline({ params: { ...params, pipeline: pipeline.name } }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'quota-exceeded', details: { resource: 'jobs', limit: 0, requested: 1 } });
    expect((await client.listRuns({ params, query: { pipeline: 'quota' } })).items).toEqual([]);
    await root.setQuota({ params: { tenant: 'demo', resource: 'jobs' }, body: { limit: 50 } });
  });

  test('the same request twice makes one run', async () => {
    await client.createPipeline({ params, body: { document: oneStep('idempotent') } });
    const path = '/api/pipelines/v1/tenants/demo/pipelines/idempotent/runs';
    const headers = { 'idempotency-key': 'run-once' };
    const first = await suite.host.request(ann, 'POST', path, undefined, headers);
    const again = await suite.host.request(ann, 'POST', path, undefined, headers);
    expect([first.status, again.body]).toEqual([202, first.body]);
    expect((await client.listRuns({ params, query: { pipeline: 'idempotent' } })).items).toHaveLength(1);
  });

  test('J9 a step whose process died is begun again and publishes once', async () => {
    held.add('orphan').add('follower');
    const next = `  - name: next\n    kind: sql\n    deps: [count]\n    sql: select 2 as follower\n    output: follower_out\n`;
    const run = await start(`${oneStep('orphan', '', 'select 1 as orphan')}${next}`);
    const late = await runningIn(run);
    held.add(late);
    // As after a kill: the claim belongs to a process that says nothing any more.
    await rewrite(run, { claim: 'of-a-dead-process', heartbeat_at: longAgo });
    held.delete('orphan');
    await waitFor(async () => (await stepOf(run)).state === 'succeeded');
    // It only slept: it goes on after another one has published, and leaves no files behind.
    held.delete(late);
    const folder = await waitFor(() => [...written].find(name => name.includes(late)));
    await waitFor(async () => !(await exists(folder)));
    held.delete('follower');
    expect(await ended(run)).toMatchObject({
      state: 'succeeded',
      steps: [
        { attempt: 2, state: 'succeeded' },
        { attempt: 1, state: 'succeeded' }
      ]
    });
    expect(suite.catalog.versionsOf('demo', 'orphan_out')).toHaveLength(1);
  });

  test('J9 an attempt that lost its step while it read publishes nothing', async () => {
    held.add('loser');
    const run = await start(oneStep('loser', '', 'select 1 as loser'));
    const lost = await runningIn(run);
    await rewrite(run, { claim: 'of-another-process', heartbeat_at: '2100-01-01T00:00:00Z' });
    held.delete('loser');
    const folder = await waitFor(() => [...written].find(name => name.includes(lost)));
    await waitFor(async () => !(await exists(folder)));
    expect(suite.catalog.versionsOf('demo', 'loser_out')).toEqual([]);
    await rewrite(run, { heartbeat_at: longAgo });
    expect(await ended(run)).toMatchObject({ state: 'succeeded', steps: [{ attempt: 2, output: { version: '1' } }] });
  });

  test('J9 a process that slept does not begin its own step again', async () => {
    held.add('sleeper');
    const run = await start(oneStep('sleeper', '', 'select 1 as sleeper'));
    await runningIn(run);
    const before = await rewrite(run, { heartbeat_at: longAgo });
    await waitFor(async () => {
      const item = await suite.host.database.asSystem('test', tx =>
        tx.selectFrom('kernel.reconcile_item').select(['fence', 'lease_until']).where('object_id', '=', run.id).executeTakeFirstOrThrow()
      );
      return item.fence !== before && item.lease_until === null;
    });
    held.delete('sleeper');
    expect(await ended(run)).toMatchObject({ state: 'succeeded', steps: [{ attempt: 1 }] });
  });

  test('J9 a crash between publishing and writing it down leads to the same version', async () => {
    suite.catalog.failures.push(new Problem('unavailable', { detail: 'The answer got lost.' }));
    const run = await ended(await start(oneStep('twice', 'retries: { count: 1, backOffSeconds: 0.05 }')));
    expect(run).toMatchObject({ state: 'succeeded', steps: [{ attempt: 2, output: { version: '1' } }] });
    expect(suite.catalog.versionsOf('demo', 'twice_out')).toHaveLength(1);
  });

  test('T01 runs of another tenant do not exist', async () => {
    const { items } = await client.listRuns({ params });
    const run = items[0]?.id ?? '';
    const other = suite.host.clientFor(pipelinesRoutes, eve);
    for (const call of [other.getRun, other.getRunLog, other.cancelRun, other.rerunFromFailed])
      expect(await call({ params: { tenant: 'other', run } }).catch((error: unknown) => error)).toMatchObject({ code: 'not-found' });
  });

  test('the sample tenant gets its pipeline, which runs once its dataset is there', async () => {
    const sample = await waitFor(() => client.getPipeline({ params: { ...params, pipeline: 'flights-per-carrier' } }).catch(() => undefined));
    expect(sample).toMatchObject({ isSample: true, schedule: { timeZone: 'America/New_York' } });
    await suite.host.database.asSystem('test', async tx => {
      const { appendEvent } = await import('@stratalab/kernel');
      for (const dataset of ['other', 'flights', 'flights']) {
        await appendEvent(tx, { name: 'dataset.version-ready.v1', tenant: 'demo', urn: `urn:strata:demo:dataset:${dataset}@1`, data: { dataset, version: '1' } });
      }
    });
    const run = await waitFor(async () => (await client.listRuns({ params, query: { pipeline: 'flights-per-carrier' } })).items[0]);
    expect(await ended(run)).toMatchObject({ state: 'succeeded', trigger: 'sample' });
    expect((await client.runQuery({ params, body: { sql: 'select carrier, flights from flights_by_carrier' } })).rows[0]).toEqual(['UA', 2]);
    expect((await client.listRuns({ params, query: { pipeline: 'flights-per-carrier' } })).items).toHaveLength(1);
  });
});
