import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { modelsRoutes } from '@stratalab/contracts/models';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { serviceActor, wake } from '@stratalab/kernel';
import { administrator, testActor, waitFor } from '@stratalab/tooling';
import { controlRoutes } from '@stratalab/contracts/control';
import { tinyGguf } from './testing/tiny-gguf.test-support.ts';
import { adm, ann, createModelsHost, eve, vic, type ModelsHost } from './testing/models-host.test-support.ts';

const demo = { tenant: 'demo' };
const octets = { 'content-type': 'application/octet-stream' };

describe('models', () => {
  let host: ModelsHost;
  const sample = tinyGguf({ 'general.architecture': 'llama', 'general.name': 'Sample' });
  beforeAll(async () => {
    host = await createModelsHost({
      isBackgroundRunning: true,
      sampleModel: { fileName: 'sample.gguf', open: async () => toBytes(sample) }
    });
  });
  afterAll(() => host.close());
  const client = (actor = ann) => host.clientFor(modelsRoutes, actor);
  const upload = (model: string, bytes: Buffer, query = 'fileName=model.gguf', actor = ann) =>
    host.request(actor, 'POST', `/api/models/v1/tenants/demo/models/${model}/files?${query}`, bytes, octets);
  const service = serviceActor('serving', 'demo', 'ann');

  test('the sample tenant gets a model once: it is not made again after somebody removed it', async () => {
    const model = await waitFor(() =>
      client()
        .getModel({ params: { ...demo, model: 'smollm2-135m-instruct' } })
        .catch(() => undefined)
    );
    expect(model).toMatchObject({ latestVersion: 1, format: 'gguf', aliases: [{ alias: 'champion', version: 1 }] });
    await client(adm).deleteModel({ params: { ...demo, model: model.name } });
    // The look that made it may not have ended yet: then this one follows.
    await host.database.asSystem('again', tx => wake(tx, { kind: 'models-sample', objectId: 'demo', tenant: 'demo' }));
    await waitFor(async () => {
      const left = await host.database.asSystem('look', tx => tx.selectFrom('kernel.reconcile_item').select('kind').where('kind', '=', 'models-sample').execute());
      return left.length === 0;
    });
    expect((await client().listModels({ params: demo })).items).toEqual([]);
  });

  test('an uploaded GGUF is read by its header and becomes the next version', async () => {
    const bytes = tinyGguf({ 'general.architecture': 'llama', 'general.name': 'Tiny', 'llama.context_length': 2048, 'tokenizer.chat_template': '{{ x.__class__ }}' });
    const answer = await upload('tiny', bytes, 'fileName=tiny.gguf&alias=champion');
    expect(answer.status).toBe(201);
    const version = await client(vic).getModelVersion({ params: { ...demo, model: 'tiny', version: 1 } });
    expect(version).toMatchObject({
      format: 'gguf',
      entryFile: 'tiny.gguf',
      sizeBytes: bytes.length,
      aliases: ['champion'],
      isQuarantined: false,
      origin: { kind: 'upload', user: 'ann' }
    });
    expect(version.facts).toEqual(expect.arrayContaining([{ key: 'context length', value: '2048' }]));
    expect(version.warnings[0]).toContain('__class__');
    const resolved = await client(service).resolveModelVersion({ params: demo, body: { name: 'tiny', alias: 'champion' } });
    expect(resolved).toMatchObject({ version: 1, format: 'gguf', entryFile: 'tiny.gguf', isQuarantined: false });
    expect(resolved.path.startsWith(host.dataFolder)).toBe(true);
  });

  test('what is no GGUF, was changed on the way or is cut leaves nothing (F28, T40)', async () => {
    const good = tinyGguf({ 'general.architecture': 'llama' });
    const huge = Buffer.from(good);
    huge.writeBigUInt64LE(2n ** 60n, 16);
    expect((await upload('bad', randomBytes(1000))).status).toBe(422);
    expect((await upload('bad', good.subarray(0, 30))).status).toBe(422);
    expect((await upload('bad', huge)).status).toBe(422);
    expect((await upload('bad', good, `fileName=m.gguf&sha256=${'0'.repeat(64)}`)).status).toBe(422);
    expect((await upload('bad', good, 'fileName=m.pkl')).status).toBe(415);
    expect((await upload('bad', good, 'fileName=..%2fm.gguf')).status).toBe(400);
    expect((await upload('bad', good, 'fileName=m.gguf', vic)).status).toBe(403);
    await expect(client().getModel({ params: { ...demo, model: 'bad' } })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('resolving is for services only, and tells the tenants apart', async () => {
    await expect(client(adm).resolveModelVersion({ params: demo, body: { name: 'tiny' } })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(client(service).resolveModelVersion({ params: demo, body: { name: 'nobody' } })).rejects.toMatchObject({ code: 'not-found' });
    await expect(client(serviceActor('serving', 'other')).resolveModelVersion({ params: { tenant: 'other' }, body: { name: 'tiny' } })).rejects.toMatchObject({
      code: 'not-found'
    });
    await expect(client(eve).listModels({ params: demo })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('P4 an output of a job becomes one version, whoever asks how often, also after a crash in between', async () => {
    const objects = createFolderObjectStore({ dataFolder: host.dataFolder });
    const stage = async (stagingId: string): Promise<void> => {
      const body = toBytes(tinyGguf({ 'general.architecture': 'llama' }));
      await objects.append({ tenant: 'demo', stagingId, name: 'm.gguf', offset: 0, limitBytes: 1e6, body, signal: new AbortController().signal });
    };
    const [first, second] = ['01outputoutputoutputoutpu1', '01outputoutputoutputoutpu2'];
    await stage(first);
    // As if the platform had died between the publication of the bytes and the registration.
    await objects.publish({ tenant: 'demo', stagingId: first, key: `models/versions/${first}` });
    const producerUrn = 'urn:strata:demo:job:01jobjobjobjobjobjobjobjob';
    const input = { model: 'made', producerUrn, output: 'model', inputs: ['urn:strata:demo:dataset:flights@1'], alias: 'candidate' };
    const publish = (stagingId: string) => client(service).publishModelOutput({ params: demo, body: { ...input, stagingId } });
    const answer = await publish(first);
    expect(answer).toEqual({ name: 'made', version: 1, urn: 'urn:strata:demo:model:made@1' });
    await stage(second);
    expect(await publish(second)).toEqual(answer);
    expect((await client().listModelVersions({ params: { ...demo, model: 'made' } })).items).toHaveLength(1);
    const version = await client().getModelVersion({ params: { ...demo, model: 'made', version: 1 } });
    expect(version.origin).toMatchObject({ kind: 'job', jobUrn: producerUrn, datasets: ['urn:strata:demo:dataset:flights@1'] });
    const events = await host.database.asSystem('look', tx => tx.selectFrom('kernel.event').select(['name', 'data']).where('urn', '=', answer.urn).orderBy('position').execute());
    expect(events.filter(({ name }) => name === 'model.version-registered.v1')).toHaveLength(1);
    expect(events.find(({ name }) => name === 'lineage.recorded.v1')?.data).toEqual({
      edges: [
        { from: producerUrn, to: answer.urn },
        { from: 'urn:strata:demo:dataset:flights@1', to: answer.urn }
      ]
    });
  });

  test('T37 a pickle is quarantined until an administrator vouches for it, by name', async () => {
    const objects = createFolderObjectStore({ dataFolder: host.dataFolder });
    const stagingId = '01outputoutputoutputoutpu3';
    const body = toBytes(Buffer.from([0x80, 0x04, 0x95, 0x00, 0x2e]));
    await objects.append({ tenant: 'demo', stagingId, name: 'weights.dat', offset: 0, limitBytes: 1e6, body, signal: new AbortController().signal });
    await client(service).publishModelOutput({ params: demo, body: { model: 'pickled', producerUrn: 'urn:strata:demo:job:x', output: 'm', stagingId, inputs: [] } });
    const of = { ...demo, model: 'pickled', version: 1 };
    expect(await client().getModelVersion({ params: of })).toMatchObject({ isQuarantined: true, approval: null, format: 'other' });
    expect(await client(service).resolveModelVersion({ params: demo, body: { name: 'pickled' } })).toMatchObject({ isQuarantined: true });
    await expect(client().approveModelVersion({ params: of, body: { reason: 'because' } })).rejects.toMatchObject({ code: 'forbidden' });
    expect(await client(adm).approveModelVersion({ params: of, body: { reason: 'Made by our own job.' } })).toMatchObject({
      isQuarantined: false,
      approval: { by: 'adm', reason: 'Made by our own job.' }
    });
    await expect(client(adm).approveModelVersion({ params: of, body: { reason: 'again' } })).rejects.toMatchObject({ code: 'invalid-state' });
  });

  test('aliases move, and versions and models go with their bytes', async () => {
    await upload('gone', tinyGguf({ 'general.architecture': 'llama' }));
    await upload('gone', tinyGguf({ 'general.architecture': 'mamba' }));
    const { path } = await client(service).resolveModelVersion({ params: demo, body: { name: 'gone', version: 1 } });
    await client().setAlias({ params: { ...demo, model: 'gone', alias: 'champion' }, body: { version: 2 } });
    expect((await client().setAlias({ params: { ...demo, model: 'gone', alias: 'champion' }, body: { version: 1 } })).aliases).toEqual([{ alias: 'champion', version: 1 }]);
    await expect(client().setAlias({ params: { ...demo, model: 'gone', alias: 'champion' }, body: { version: 9 } })).rejects.toMatchObject({ code: 'not-found' });
    await client().deleteModelVersion({ params: { ...demo, model: 'gone', version: 1 } });
    const objects = createFolderObjectStore({ dataFolder: host.dataFolder });
    const key = path.slice(path.indexOf('/objects/') + '/objects/'.length);
    await waitFor(async () => (await objects.list({ tenant: 'demo', key })) === undefined);
    await upload('gone', tinyGguf({ 'general.architecture': 'llama' }));
    expect((await client().getModel({ params: { ...demo, model: 'gone' } })).latestVersion).toBe(3);
  });

  test('runs are listed in pages, filtered and ordered; histories are sampled and keep their peaks', async () => {
    const { id: experiment } = await client().createExperiment({ params: demo, body: { name: 'pages' } });
    for (let index = 0; index < 5; index++) {
      const made = await host.mlflow(ann, 'POST', 'runs/create', { experiment_id: experiment, start_time: 1000 + index });
      const run = (made.body as { run: { info: { run_id: string } } }).run.info.run_id;
      const metrics = Array.from({ length: 900 }, (_unused, step) => ({ key: 'loss', value: step === 333 ? 99 : index, timestamp: step, step }));
      await host.mlflow(ann, 'POST', 'runs/log-batch', { run_id: run, metrics, params: [{ key: 'depth', value: String(index) }] });
    }
    const page = await client().listRuns({ params: demo, query: { experiment, limit: 3 } });
    const rest = await client().listRuns({ params: demo, query: { experiment, limit: 3, cursor: page.nextCursor ?? '' } });
    expect([...page.items, ...rest.items].map(({ params }) => params[0]?.value)).toEqual(['4', '3', '2', '1', '0']);
    const best = await client().listRuns({ params: demo, query: { experiment, filter: 'metrics.loss >= 2', order: 'metrics.loss asc', limit: 2 } });
    expect(best.items.map(({ metrics }) => metrics[0]?.value)).toEqual([2, 3]);
    await expect(client().listRuns({ params: demo, query: { filter: 'loss ~ 3' } })).rejects.toMatchObject({ code: 'invalid-request' });
    const [run] = page.items;
    const history = await client().getMetricHistory({ params: { ...demo, run: run?.id ?? '' }, query: { key: 'loss', points: 50 } });
    expect([history.total, history.isSampled, history.points.length <= 50]).toEqual([900, true, true]);
    expect(Math.max(...history.points.map(({ value }) => value ?? 0))).toBe(99);
    expect((await client().getExperiment({ params: { ...demo, experiment } })).runCount).toBe(5);
  });

  test('a run of a notebook is registered from the screen, in the tenant only', async () => {
    const made = await host.mlflow(ann, 'POST', 'runs/create', {});
    const run = (made.body as { run: { info: { run_id: string } } }).run.info.run_id;
    await host.mlflow(ann, 'PUT', `@demo/api/2.0/mlflow-artifacts/artifacts/0/${run}/artifacts/model/config.json`, '{"auto_map": {}}', { 'content-type': 'application/json' });
    const version = await client().registerModelVersion({ params: { ...demo, model: 'from-run' }, body: { run, path: 'model' } });
    expect(version).toMatchObject({ version: 1, runId: run, isQuarantined: true, quarantineReason: expect.stringContaining('auto_map') });
    await expect(client().registerModelVersion({ params: { ...demo, model: 'from-run' }, body: { run, path: 'nothing' } })).rejects.toMatchObject({ code: 'not-found' });
    await expect(client().registerModelVersion({ params: { ...demo, model: 'from-run' }, body: { run, path: '../x' } })).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('a tenant that is deleted leaves no run, no model and no byte', async () => {
    const boss = testActor({ subject: 'boss', tenants: { short: 'admin' } });
    await host.clientFor(controlRoutes, administrator).createTenant({ body: { name: 'short', displayName: 'short' } });
    await host.request(boss, 'POST', '/api/models/v1/tenants/short/models/m/files?fileName=m.gguf', tinyGguf({ 'general.architecture': 'llama' }), octets);
    const objects = createFolderObjectStore({ dataFolder: host.dataFolder });
    expect(await objects.list({ tenant: 'short', key: 'models' })).toHaveLength(1);
    await host.clientFor(controlRoutes, administrator).closeTenant({ params: { tenant: 'short' } });
    await host.clientFor(controlRoutes, administrator).deleteTenant({ params: { tenant: 'short' }, query: { confirm: 'short' } });
    await waitFor(async () => (await objects.list({ tenant: 'short', key: 'models' })) === undefined);
    expect((await client(serviceActor('test', 'short')).listModels({ params: { tenant: 'short' } })).items).toEqual([]);
  });
});

async function* toBytes(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}
