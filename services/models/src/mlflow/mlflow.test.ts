import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { modelsRoutes } from '@stratalab/contracts/models';
import { testActor, type TestAnswer } from '@stratalab/tooling';
import { ann, createModelsHost, eve, vic, type ModelsHost } from '../testing/models-host.test-support.ts';

const body = <T>(answer: TestAnswer): T => answer.body as T;
const codeOf = (answer: TestAnswer): [number, unknown] => [answer.status, (answer.body as { error_code?: unknown }).error_code];
interface CreatedRun {
  run: { info: { run_id: string; experiment_id: string; artifact_uri: string; user_id: string } };
}

describe('the MLflow surface', () => {
  let host: ModelsHost;
  beforeAll(async () => {
    host = await createModelsHost();
  });
  afterAll(() => host.close());

  const newRun = async (actor = ann): Promise<CreatedRun['run']['info']> => body<CreatedRun>(await host.mlflow(actor, 'POST', 'runs/create', {})).run.info;
  const put = (run: { run_id: string; experiment_id: string }, path: string, content: string) =>
    host.mlflow(ann, 'PUT', `@demo/api/2.0/mlflow-artifacts/artifacts/${run.experiment_id}/${run.run_id}/artifacts/${path}`, content, { 'content-type': 'text/plain' });
  const fetch = (actor: typeof ann, path: string, tenant = 'demo') => host.mlflow(actor, 'GET', `@${tenant}/api/2.0/mlflow-artifacts/artifacts/${path}`);

  test('says what it is, and answers unknown endpoints in its own shape', async () => {
    expect((await host.mlflow(ann, 'GET', '@demo/api/3.0/mlflow/server-info')).body).toMatchObject({ workspaces_enabled: false });
    expect(codeOf(await host.mlflow(ann, 'POST', 'traces', {}))).toEqual([404, 'ENDPOINT_NOT_FOUND']);
    expect(codeOf(await host.mlflow(ann, 'POST', 'experiments/create', {}))).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(body<{ message: string }>(await host.mlflow(ann, 'GET', 'runs/get?run_id=')).message).toContain("Missing value for required parameter 'run_id'");
    expect(body<{ message: string }>(await host.mlflow(ann, 'POST', 'runs/log-metric', { run_id: 31, key: 'm', value: 1 })).message).toContain(
      "Invalid value 31 for parameter 'run_id' supplied"
    );
    expect(codeOf(await host.mlflow(ann, 'POST', 'runs/create', '{', { 'content-type': 'application/json' }))).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });

  test('who is nobody, a stranger or a viewer is told so, and a stranger learns nothing of the tenant (T01)', async () => {
    const run = await newRun();
    expect(codeOf(await host.mlflow(undefined, 'GET', `runs/get?run_id=${run.run_id}`))).toEqual([401, 'UNAUTHENTICATED']);
    const there = await host.mlflow(eve, 'GET', `runs/get?run_id=${run.run_id}`);
    const nowhere = await host.mlflow(eve, 'GET', `@nowhere/api/2.0/mlflow/runs/get?run_id=${run.run_id}`);
    expect([there.status, there.body]).toEqual([404, nowhere.body]);
    expect(codeOf(await host.mlflow(vic, 'GET', `runs/get?run_id=${run.run_id}`))).toEqual([200, undefined]);
    expect(codeOf(await host.mlflow(vic, 'POST', 'runs/create', {}))).toEqual([403, 'PERMISSION_DENIED']);
    const scoped = testActor({ subject: 'ann', tenants: { demo: 'editor' }, scopes: ['run:read'] });
    expect(codeOf(await host.mlflow(scoped, 'POST', 'runs/create', {}))).toEqual([403, 'PERMISSION_DENIED']);
  });

  test('a run of another tenant does not exist here, in no operation (T01)', async () => {
    const run = await newRun();
    await put(run, 'a.txt', 'secret of demo');
    for (const [method, path, sent] of [
      ['GET', `runs/get?run_id=${run.run_id}`, undefined],
      ['POST', 'runs/log-metric', { run_id: run.run_id, key: 'm', value: 1 }],
      ['POST', 'runs/delete', { run_id: run.run_id }],
      ['GET', `artifacts/list?run_id=${run.run_id}`, undefined],
      ['GET', `metrics/get-history?run_id=${run.run_id}&metric_key=m`, undefined]
    ] as const) {
      expect(codeOf(await host.mlflow(eve, method, `@other/api/2.0/mlflow/${path}`, sent))).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    }
    expect((await fetch(eve, `0/${run.run_id}/artifacts/a.txt`, 'other')).status).toBe(404);
    // A tenant whose name begins the same (T16): the same person is in both, and still nothing is shared.
    expect((await fetch(ann, `0/${run.run_id}/artifacts/a.txt`, 'demo-2')).status).toBe(404);
    expect((await fetch(ann, `0/${run.run_id}/artifacts/a.txt`)).text).toBe('secret of demo');
  });

  test.each([
    '%2e%2e%2f%2e%2e%2fetc/passwd',
    '%252e%252e%252fetc',
    '..%2f..%2fsecret',
    '..%5c..%5csecret',
    'a%2f%2e%2e%2fb',
    'a%2f%2fb',
    '%2fetc%2fpasswd',
    'file%3a%2f%2fetc',
    'a%00b',
    'a%0ab',
    'C%3a%5cx'
  ])('T15 no path leads out of its run: %s', async path => {
    const run = await newRun();
    const canary = join(host.dataFolder, 'canary');
    const written = await put(run, path, 'x');
    expect([400, 404]).toContain(written.status);
    expect([400, 404]).toContain((await fetch(ann, `0/${run.run_id}/artifacts/${path}`)).status);
    expect((await host.mlflow(ann, 'GET', `artifacts/list?run_id=${run.run_id}&path=${path}`)).status).toBe(400);
    await expect(readFile(canary)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('T15 T16 places that are none are refused, siblings are not their neighbours', async () => {
    const [run, other] = [await newRun(), await newRun()];
    await put(run, 'model/w.txt', 'w');
    await put(run, 'model-2/w.txt', 'other');
    expect(codeOf(await fetch(ann, `0/${run.run_id}`))[0]).toBe(400);
    expect(codeOf(await fetch(ann, `${other.run_id}/${run.run_id}/artifacts/model/w.txt`))).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    const listed = await host.mlflow(ann, 'GET', `artifacts/list?run_id=${run.run_id}&path=model`);
    expect(body<{ files: unknown }>(listed).files).toEqual([{ path: 'model/w.txt', is_dir: false, file_size: 1 }]);
    await host.mlflow(ann, 'POST', 'registered-models/create', { name: 'siblings' });
    const made = await host.mlflow(ann, 'POST', 'model-versions/create', { name: 'siblings', source: `${run.artifact_uri}/model`, run_id: run.run_id });
    expect(made.status).toBe(200);
    const files = await host.clientFor(modelsRoutes, ann).listModelVersionFiles({ params: { tenant: 'demo', model: 'siblings', version: 1 } });
    expect(files.items.map(({ path }) => path)).toEqual(['w.txt']);
  });

  test('T19 tags and optional fields never become a place: what they say is only ever shown', async () => {
    const run = await newRun();
    await host.mlflow(ann, 'POST', 'runs/set-tag', { run_id: run.run_id, key: 'mlflow.artifactLocation', value: 'file:///etc' });
    await host.mlflow(ann, 'POST', 'registered-models/create', { name: 'tagged', tags: [{ key: 'mlflow.source', value: 'file:///etc' }] });
    await put(run, 'm/x', 'x');
    const made = await host.mlflow(ann, 'POST', 'model-versions/create', {
      name: 'tagged',
      source: `runs:/${run.run_id}/m`,
      run_link: 'http://169.254.169.254/',
      tags: [{ key: 'source', value: 's3://x' }]
    });
    expect(made.status).toBe(200);
    const uri = await host.mlflow(ann, 'GET', 'model-versions/get-download-uri?name=tagged&version=1');
    expect(uri.body).toEqual({ artifact_uri: 'mlflow-artifacts:/registered/tagged/1' });
    expect((await fetch(ann, 'registered/tagged/1/x')).text).toBe('x');
  });

  test('the limits of a batch hold, and a batch that is refused leaves nothing', async () => {
    const run = await newRun();
    const metrics = (count: number) => Array.from({ length: count }, (_unused, step) => ({ key: 'm', value: step, timestamp: step, step }));
    const named = (count: number) => Array.from({ length: count }, (_unused, index) => ({ key: `k${index}`, value: 'v' }));
    const send = (part: object) => host.mlflow(ann, 'POST', 'runs/log-batch', { run_id: run.run_id, ...part });
    for (const part of [{ metrics: metrics(1001) }, { params: named(101) }, { tags: named(101) }, { metrics: metrics(900), params: named(100), tags: named(1) }]) {
      expect(codeOf(await send(part))).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    }
    expect(codeOf(await send({ tags: [{ key: 'big', value: 'x'.repeat(1_100_000) }] }))).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    await send({ params: [{ key: 'a', value: '1' }] });
    expect(codeOf(await send({ metrics: metrics(5), params: [{ key: 'a', value: '2' }] }))).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(body<{ metrics: unknown[] }>(await host.mlflow(ann, 'GET', `metrics/get-history?run_id=${run.run_id}&metric_key=m`)).metrics).toEqual([]);
    expect((await send({ metrics: metrics(900), params: named(100) })).status).toBe(200);
  });

  test('P4 fifty clients at once get fifty version numbers without a gap', async () => {
    const run = await newRun();
    await put(run, 'm/x', 'x');
    await host.mlflow(ann, 'POST', 'registered-models/create', { name: 'raced' });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_unused, index) =>
        host.mlflow(ann, 'POST', 'model-versions/create', { name: index % 5 === 4 ? 'nobody' : 'raced', source: `runs:/${run.run_id}/m` })
      )
    );
    const numbers = answers.filter(({ status }) => status === 200).map(answer => Number(body<{ model_version: { version: string } }>(answer).model_version.version));
    expect(numbers.sort((one, other) => one - other)).toEqual(Array.from({ length: 40 }, (_unused, index) => index + 1));
  });

  test('P9 a logged model is whole or not at all, and never changes after that', async () => {
    const run = await newRun();
    const created = await host.mlflow(ann, 'POST', 'logged-models', { experiment_id: '0', name: 'm', source_run_id: run.run_id });
    const { model_id: id, artifact_uri: uri } = body<{ model: { info: { model_id: string; artifact_uri: string } } }>(created).model.info;
    const path = `@demo/api/2.0/mlflow-artifacts/artifacts/${uri.replace('mlflow-artifacts:/', '')}/weights.txt`;
    const send = (content: string) => host.mlflow(ann, 'PUT', path, content, { 'content-type': 'text/plain' });
    await send('first');
    await send('second');
    await host.mlflow(ann, 'POST', 'registered-models/create', { name: 'whole' });
    const register = () => host.mlflow(ann, 'POST', 'model-versions/create', { name: 'whole', source: `models:/${id}`, model_id: id });
    expect(codeOf(await register())).toEqual([409, 'INVALID_STATE']);
    const finish = () => host.mlflow(ann, 'PATCH', `logged-models/${id}`, { status: 'LOGGED_MODEL_READY' });
    expect((await finish()).status).toBe(200);
    expect((await finish()).status).toBe(200);
    expect((await host.mlflow(ann, 'GET', path)).text).toBe('second');
    expect(codeOf(await send('third'))).toEqual([409, 'INVALID_STATE']);
    expect(codeOf(await host.mlflow(ann, 'DELETE', path))).toEqual([409, 'INVALID_STATE']);
    expect((await register()).status).toBe(200);
    const foreign = await newRun();
    expect(codeOf(await host.mlflow(ann, 'POST', 'model-versions/create', { name: 'whole', source: uri, run_id: foreign.run_id }))).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });

  test('who made a run is who signed in, not what the client says; a job token brings its job', async () => {
    const made = await host.mlflow(ann, 'POST', 'runs/create', { user_id: 'root', tags: [{ key: 'mlflow.user', value: 'root' }] });
    const { run_id: id, user_id: user } = body<CreatedRun>(made).run.info;
    expect(user).toBe('ann');
    const { run } = await host.clientFor(modelsRoutes, ann).getRun({ params: { tenant: 'demo', run: id } });
    expect([run.createdBy, run.origin]).toEqual(['ann', expect.objectContaining({ kind: 'workspace', user: 'ann', jobUrn: null })]);
    const job = testActor({ subject: 'ann', tenants: { demo: 'editor' }, via: 'job-token', jobId: '01jobjobjobjobjobjobjobjob' });
    const ofJob = await newRun(job);
    const detail = await host.clientFor(modelsRoutes, ann).getRun({ params: { tenant: 'demo', run: ofJob.run_id } });
    expect(detail.run.origin).toMatchObject({ kind: 'job', user: 'ann', jobUrn: 'urn:strata:demo:job:01jobjobjobjobjobjobjobjob' });
  });

  test('a mounted dataset that a run names is linked to it', async () => {
    const run = await newRun();
    const dataset = { name: 'd', digest: 'x', source_type: 'local', source: '{"uri":"/home/ann/datasets/flights@3/part.parquet"}' };
    expect(
      (await host.mlflow(ann, 'POST', 'runs/log-inputs', { run_id: run.run_id, datasets: [{ dataset, tags: [{ key: 'mlflow.data.context', value: 'training' }] }] })).status
    ).toBe(200);
    const detail = await host.clientFor(modelsRoutes, ann).getRun({ params: { tenant: 'demo', run: run.run_id } });
    expect(detail.datasets).toEqual([{ name: 'd', digest: 'x', context: 'training', urn: 'urn:strata:demo:dataset:flights@3' }]);
  });

  test('what matters is in the audit log, with its target; denials too', async () => {
    const rows = await host.database.asSystem('look', tx => tx.selectFrom('kernel.audit').select(['action', 'target', 'decision']).where('tenant', '=', 'demo').execute());
    expect(rows).toEqual(
      expect.arrayContaining([{ action: 'model-version.create', target: 'urn:strata:demo:model:siblings@1', decision: 'allowed' }, expect.objectContaining({ decision: 'denied' })])
    );
  });
});
