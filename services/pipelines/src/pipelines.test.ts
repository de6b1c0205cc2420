import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import { pipelinesRoutes } from '@stratalab/contracts/pipelines';
import type { Client } from '@stratalab/client';
import { ann, createPipelinesHost, eve, oneStep, vic, type PipelinesHost } from './testing/pipelines-host.ts';

const params = { tenant: 'demo' };
const base = '/api/pipelines/v1/tenants/demo';

describe('pipelines', () => {
  let suite: PipelinesHost;
  let client: Client<typeof pipelinesRoutes>;
  const refusal = (promise: Promise<unknown>): Promise<Problem> =>
    promise.then(
      () => {
        throw new Error('It was not refused.');
      },
      (error: unknown) => {
        if (error instanceof Problem) return error;
        throw error;
      }
    );

  beforeAll(async () => {
    suite = await createPipelinesHost();
    client = suite.host.clientFor(pipelinesRoutes, ann);
  });
  afterAll(() => suite.close());

  test('a document becomes a pipeline with a schedule', async () => {
    const document = oneStep('nightly', 'description: Counts\nschedule: { cron: "0 3 * * *", timeZone: Europe/Berlin }');
    const created = await client.createPipeline({ params, body: { document, note: 'first' } });
    expect(created).toMatchObject({
      name: 'nightly',
      version: 1,
      document,
      description: 'Counts',
      urn: 'urn:strata:demo:pipeline:nightly',
      schedule: { cron: '0 3 * * *', isPaused: false }
    });
    expect(created.schedule?.nextRuns).toHaveLength(5);
    expect(created.schedule?.nextRunAt).toBe(created.schedule?.nextRuns[0]);
    expect(await client.getPipeline({ params: { ...params, pipeline: 'nightly' } })).toMatchObject({ name: 'nightly' });
    const { items } = await client.listPipelines({ params, query: { search: 'COUNT' } });
    expect(items).toEqual([expect.objectContaining({ name: 'nightly', cron: '0 3 * * *', lastRun: null })]);
  });

  test('a name is taken once', async () => {
    await client.createPipeline({ params, body: { document: oneStep('taken') } });
    expect(await refusal(client.createPipeline({ params, body: { document: oneStep('taken') } }))).toMatchObject({ code: 'already-exists' });
  });

  test('versions are kept, compared and protected against writing over each other', async () => {
    const first = oneStep('versioned');
    await client.createPipeline({ params, body: { document: first } });
    const second = oneStep('versioned', 'description: changed');
    const of = { ...params, pipeline: 'versioned' };
    expect(await client.updatePipeline({ params: of, body: { document: second, baseVersion: 1, note: 'why' } })).toMatchObject({ version: 2, description: 'changed' });
    const late = await refusal(client.updatePipeline({ params: of, body: { document: first, baseVersion: 1 } }));
    expect(late).toMatchObject({ code: 'conflict', message: expect.stringContaining('Version 2') });
    expect((await client.listPipelineVersions({ params: of })).items.map(({ version, note }) => [version, note])).toEqual([
      [2, 'why'],
      [1, null]
    ]);
    expect((await client.getPipelineVersion({ params: { ...of, version: 1 } })).document).toBe(first);
    const { lines } = await client.comparePipelineVersions({ params: of, query: { from: 1, to: 2 } });
    expect(lines.filter(({ kind }) => kind !== 'same')).toEqual([{ kind: 'added', text: 'description: changed', fromLine: null, toLine: 2 }]);
    expect(await refusal(client.updatePipeline({ params: of, body: { document: oneStep('renamed'), baseVersion: 2 } }))).toMatchObject({ code: 'invalid-input' });
  });

  test('a document with mistakes is refused with each of them', async () => {
    const document = oneStep('broken', 'schedule: { cron: "61 * * * *" }', 'select carrier,, from flights');
    const problem = await refusal(client.createPipeline({ params, body: { document } }));
    expect(problem).toMatchObject({ code: 'invalid-input' });
    expect(problem.details.errors?.map(({ path }) => path)).toEqual(['schedule', 'steps/0/sql']);
  });

  test('validation finds cycles, wrong columns with their place, and datasets that are not there', async () => {
    const valid = await client.validatePipeline({ params, body: { document: oneStep('fine', 'schedule: { cron: "0 * * * *" }') } });
    expect(valid).toMatchObject({ isValid: true, problems: [], steps: [{ name: 'count', inputs: [{ name: 'flights', isProduced: false }] }] });
    expect(valid.nextRuns).toHaveLength(5);
    const column = await client.validatePipeline({ params, body: { document: oneStep('column', '', 'select\n  carier from flights') } });
    expect(column).toMatchObject({
      isValid: false,
      problems: [{ severity: 'error', step: 'count', path: 'steps/0/sql', line: 2, column: 3, message: expect.stringContaining('carier') }]
    });
    const dataset = await client.validatePipeline({ params, body: { document: oneStep('dataset', '', 'from flihgts') } });
    expect(dataset).toMatchObject({ isValid: true, problems: [{ severity: 'warning', message: expect.stringContaining("no dataset 'flihgts'") }] });
    const step = (name: string, reads: string): string => `  - { name: ${name}, kind: sql, sql: "from ${reads}", output: ${name}_o }\n`;
    const cycle = await client.validatePipeline({ params, body: { document: `name: c\nsteps:\n${step('a', 'b_o')}${step('b', 'a_o')}` } });
    expect(cycle.problems).toEqual([expect.objectContaining({ message: 'These steps wait for each other: a → b → a.', line: 3 })]);
    const second = `${oneStep('chain').replace('chain_out', 'mid')}  - name: top\n    kind: sql\n    sql: "select\\n m from mid"\n    output: top_out\n`;
    expect((await client.validatePipeline({ params, body: { document: second } })).problems).toEqual([expect.objectContaining({ step: 'top', line: 2, column: 2 })]);
  });

  test('a preview computes the steps before and publishes nothing', async () => {
    const document = `${oneStep('preview').replace('preview_out', 'mid')}  - name: top\n    kind: sql\n    sql: select max(n) as most from mid\n    output: top_out\n`;
    const preview = await client.previewStep({ params, body: { document, step: 'top' } });
    expect(preview).toMatchObject({ columns: [{ name: 'most', type: 'BIGINT' }], rows: [[2]], datasets: [{ table: 'flights', urn: 'urn:strata:demo:dataset:flights@1' }] });
    expect(suite.catalog.versionsOf('demo', 'mid')).toHaveLength(0);
    expect(await refusal(client.previewStep({ params, body: { document, step: 'nothing' } }))).toMatchObject({ code: 'invalid-input' });
  });

  test('a query reads datasets by their names, also as a viewer', async () => {
    const viewer = suite.host.clientFor(pipelinesRoutes, vic);
    const answer = await viewer.runQuery({ params, body: { sql: 'select carrier, count(*) as n from flights group by carrier order by all', rowLimit: 2 } });
    expect(answer).toMatchObject({
      rows: [
        ['AA', 1],
        ['B6', 1]
      ],
      rowCount: 2,
      isTruncated: true,
      datasets: [{ table: 'flights' }]
    });
    const renamed = await viewer.runQuery({ params, body: { sql: 'select count(*) from f', datasets: [{ name: 'flights', version: '1', as: 'f' }] } });
    expect(renamed.rows).toEqual([[4]]);
  });

  test('a query over a dataset that is not there says which', async () => {
    const problem = await refusal(client.runQuery({ params, body: { sql: 'select * from flights, "my data", other' } }));
    expect(problem).toMatchObject({ code: 'invalid-input', message: "There is no dataset 'my data'. There is no dataset 'other'." });
  });

  test.each(["from read_csv('/etc/passwd')", "copy (select 1) to '/tmp/x'", "attach '/tmp/x.db'", 'install httpfs', 'select 1; select 2', "from '/etc/passwd'"])(
    'T33 a query cannot leave its datasets: %s',
    async sql => {
      expect(await refusal(client.runQuery({ params, body: { sql } }))).toMatchObject({ code: 'invalid-input' });
    }
  );

  test('a viewer may not write, another tenant does not exist', async () => {
    expect((await suite.host.request(vic, 'POST', `${base}/pipelines`, { document: oneStep('v') })).status).toBe(403);
    expect((await suite.host.request(vic, 'POST', `${base}/pipelines/nightly/runs`)).status).toBe(403);
    for (const path of ['/pipelines', '/pipelines/nightly', '/runs']) expect((await suite.host.request(eve, 'GET', `${base}${path}`)).status).toBe(404);
    expect((await suite.host.request(eve, 'POST', `${base}/queries`, { sql: 'from flights' })).status).toBe(404);
    const mine = suite.host.clientFor(pipelinesRoutes, eve);
    expect(await refusal(mine.runQuery({ params: { tenant: 'other' }, body: { sql: 'from flights' } }))).toMatchObject({ code: 'invalid-input' });
  });

  test('T03 unknown fields are refused', async () => {
    expect((await suite.host.request(ann, 'POST', `${base}/queries`, { sql: 'select 1', files: ['/etc/passwd'] })).status).toBe(400);
    expect(await refusal(client.createPipeline({ params, body: { document: `${oneStep('extra')}    command: rm -rf /\n` } }))).toMatchObject({ code: 'invalid-input' });
  });

  test('a paused schedule waits for nothing; a deleted pipeline is gone', async () => {
    const of = { ...params, pipeline: 'paused' };
    await client.createPipeline({ params, body: { document: oneStep('paused', 'schedule: { cron: "0 3 * * *" }') } });
    expect((await client.setPipelinePaused({ params: of, body: { isPaused: true } })).schedule).toMatchObject({ isPaused: true, nextRunAt: null });
    expect((await client.setPipelinePaused({ params: of, body: { isPaused: false } })).schedule?.nextRunAt).not.toBeNull();
    await client.deletePipeline({ params: of });
    expect(await refusal(client.getPipeline({ params: of }))).toMatchObject({ code: 'not-found' });
  });

  test('lists are paged without gap or double', async () => {
    for (const index of [1, 2, 3, 4, 5]) await client.createPipeline({ params, body: { document: oneStep(`page${index}`) } });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof client.listPipelines>> = await client.listPipelines({
        params,
        query: { search: 'page', limit: 2, ...(cursor === null ? {} : { cursor }) }
      });
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['page5', 'page4', 'page3', 'page2', 'page1']);
  });
});
