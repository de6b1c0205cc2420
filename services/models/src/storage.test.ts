import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { controlRoutes } from '@stratalab/contracts/control';
import { modelsRoutes } from '@stratalab/contracts/models';
import { newId, serviceActor } from '@stratalab/kernel';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { administrator, waitFor } from '@stratalab/tooling';
import { adm, ann, createModelsHost, type ModelsHost } from './testing/models-host.test-support.ts';
import { tinyGguf } from './testing/tiny-gguf.test-support.ts';

const demo = { tenant: 'demo' };
const octets = { 'content-type': 'application/octet-stream' };
const bytesPerKiB = 1024;

describe('T72 what models keep counts as storage', () => {
  let host: ModelsHost;
  beforeAll(async () => {
    host = await createModelsHost({ isBackgroundRunning: true });
  });
  afterAll(() => host.close());

  const client = (actor = adm) => host.clientFor(modelsRoutes, actor);
  const books = () => host.clientFor(controlRoutes, administrator);
  const objects = () => createFolderObjectStore({ dataFolder: host.dataFolder });
  const setLimit = (kib: number) => books().setQuota({ params: { ...demo, resource: 'storage-mib' }, body: { limit: kib / bytesPerKiB } });
  /** KiB that are used and held. */
  const taken = async (): Promise<{ used: number; reserved: number }> => {
    const found = (await books().getQuotas({ params: demo })).items.find(({ resource }) => resource === 'storage-mib');
    return { used: (found?.used ?? 0) * bytesPerKiB, reserved: (found?.reserved ?? 0) * bytesPerKiB };
  };
  const settles = (used: number) => waitFor(async () => (await taken()).used === used);
  const gguf = (kib: number): Buffer => {
    const head = tinyGguf({ 'general.architecture': 'llama' });
    return Buffer.concat([head, Buffer.alloc(kib * bytesPerKiB - head.length)]);
  };
  const upload = (bytes: Buffer, query = '') => host.request(ann, 'POST', `/api/models/v1/tenants/demo/models/m/files?fileName=m.gguf${query}`, bytes, octets);
  const keptModels = async () => (await objects().list({ tenant: 'demo', key: 'models' }))?.map(({ sizeBytes }) => sizeBytes) ?? [];

  test('an uploaded file is refused with the numbers before a byte is kept, counts at its size, and is given back', async () => {
    await setLimit(10);
    expect(await upload(gguf(11))).toMatchObject({ status: 409, body: { code: 'quota-exceeded', limit: 10 / 1024, used: 0, requested: 11 / 1024, hint: expect.any(String) } });
    expect([await taken(), await keptModels()]).toEqual([{ used: 0, reserved: 0 }, []]);
    expect((await upload(gguf(6))).status).toBe(201);
    expect(await taken()).toEqual({ used: 6, reserved: 0 });
    expect((await upload(gguf(5))).status).toBe(409);
    expect((await upload(randomBytes(3 * bytesPerKiB))).status).toBe(422);
    expect((await upload(gguf(3), `&sha256=${'0'.repeat(64)}`)).status).toBe(422);
    expect([await taken(), await keptModels()]).toEqual([{ used: 6, reserved: 0 }, [6 * bytesPerKiB]]);
    expect((await upload(gguf(4))).status).toBe(201);
    await client().deleteModelVersion({ params: { ...demo, model: 'm', version: 1 } });
    await settles(4);
    await client().deleteModel({ params: { ...demo, model: 'm' } });
    await settles(0);
  });

  test('an output of a job is counted once, however often it is published; a refused one stays staged', async () => {
    const stagingId = newId();
    const place = { tenant: 'demo', stagingId };
    const body = (async function* () {
      yield gguf(8);
    })();
    await objects().append({ ...place, name: 'm.gguf', offset: 0, limitBytes: 1e6, body, signal: new AbortController().signal });
    const service = host.clientFor(modelsRoutes, serviceActor('compute', 'demo', 'ann'));
    const publish = () => service.publishModelOutput({ params: demo, body: { model: 'made', producerUrn: 'urn:strata:demo:job:j', output: 'model', stagingId, inputs: [] } });
    await setLimit(7);
    await expect(publish()).rejects.toMatchObject({ code: 'quota-exceeded', details: { limit: 7 / 1024, requested: 8 / 1024 } });
    expect([await taken(), await objects().listStaged(place)]).toMatchObject([{ used: 0, reserved: 0 }, [{ name: 'm.gguf' }]]);
    await setLimit(10);
    await publish();
    await publish();
    expect(await taken()).toEqual({ used: 8, reserved: 0 });
    await client().deleteModel({ params: { ...demo, model: 'made' } });
    await settles(0);
  });

  const newRun = async (): Promise<string> => {
    const made = await host.mlflow(ann, 'POST', 'runs/create', {});
    return (made.body as { run: { info: { run_id: string } } }).run.info.run_id;
  };
  const artifact = (place: string) => `@demo/api/2.0/mlflow-artifacts/artifacts/0/${place}`;
  const put = (place: string, kib: number) => host.mlflow(ann, 'PUT', artifact(place), Buffer.alloc(kib * bytesPerKiB, 'x'), octets);

  test('files of a run are refused in the shape of MLflow, replaced and deleted ones are given back, and a copy into a version counts too', async () => {
    await setLimit(10);
    const run = await newRun();
    expect((await put(`${run}/artifacts/f/a.bin`, 6)).status).toBe(200);
    const refused = await put(`${run}/artifacts/f/b.bin`, 5);
    expect(refused.status).toBe(409);
    expect(refused.body).toEqual({ error_code: 'INVALID_STATE', message: expect.stringContaining('of 0.01 are in use') });
    expect((await host.mlflow(ann, 'GET', artifact(`${run}/artifacts/f/b.bin`))).status).toBe(404);
    expect(await taken()).toEqual({ used: 6, reserved: 0 });
    await put(`${run}/artifacts/f/a.bin`, 4);
    await settles(4);
    const register = () => client(ann).registerModelVersion({ params: { ...demo, model: 'copied' }, body: { run, path: 'f' } });
    await register();
    expect(await taken()).toEqual({ used: 8, reserved: 0 });
    await expect(register()).rejects.toMatchObject({ code: 'quota-exceeded', details: { requested: 4 / 1024 } });
    expect(await taken()).toEqual({ used: 8, reserved: 0 });
    await client().deleteModel({ params: { ...demo, model: 'copied' } });
    await settles(4);
    await host.mlflow(ann, 'DELETE', artifact(`${run}/artifacts/f`));
    await settles(0);
  });

  test('files of a logged model count from their upload, and no more once it failed', async () => {
    await setLimit(10);
    const made = await host.mlflow(ann, 'POST', 'logged-models', { experiment_id: '0', name: 'm' });
    const id = (made.body as { model: { info: { model_id: string } } }).model.info.model_id;
    await put(`models/${id}/artifacts/w.bin`, 3);
    await put(`models/${id}/artifacts/w.bin`, 5);
    await settles(5);
    await host.mlflow(ann, 'PATCH', `logged-models/${id}`, { status: 'LOGGED_MODEL_UPLOAD_FAILED' });
    await settles(0);
  });

  test('an upload that is cut leaves nothing reserved', async () => {
    await setLimit(10);
    const url = new URL(`/api/models/v1/tenants/demo/models/cut/files?fileName=m.gguf`, await host.host.app.listen({ port: 0, host: '127.0.0.1' }));
    const headers = { ...octets, authorization: `Bearer ${host.tokenFor(ann)}`, 'content-length': String(9 * bytesPerKiB) };
    const cut = httpRequest(url, { method: 'POST', headers });
    cut.on('error', () => undefined);
    cut.write(gguf(4));
    await waitFor(async () => (await taken()).reserved === 9);
    cut.destroy();
    await waitFor(async () => (await taken()).reserved === 0);
    expect([await taken(), await keptModels()]).toEqual([{ used: 0, reserved: 0 }, []]);
  });
});
