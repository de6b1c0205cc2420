import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ann, createCatalogHost, patiently, platform, vic, type CatalogHost } from './testing/catalog-host.ts';

// Every version starts DuckDB some times: slow where all cores are busy.
jest.setTimeout(90_000);

const params = { tenant: 'demo' };
const base = '/api/catalog/v1/tenants/demo';
const producer = (id: string): string => `urn:strata:demo:job:${id}`;

describe('uploads and outputs', () => {
  let catalog: CatalogHost;
  beforeAll(async () => {
    catalog = await createCatalogHost();
  });
  afterAll(() => catalog.close());

  const begin = (dataset: string, files: readonly { readonly name: string; readonly sizeBytes: number }[]) =>
    catalog.as(ann).createUpload({ params, body: { dataset, files: [...files] } });
  const part = (upload: string, offset: number, text: string) => catalog.send(ann, `${base}/uploads/${upload}/files/0?offset=${offset}`, Buffer.from(text));
  const state = (upload: string) => catalog.as(ann).getUpload({ params: { ...params, upload } });

  test('an upload goes on where it was cut, in another process too', async () => {
    const upload = await begin('resumed', [{ name: 'a.csv', sizeBytes: 16 }]);
    expect((await part(upload.id, 0, 'a,b\n1,2\n')).body).toEqual({ receivedBytes: 8 });
    const cut = Readable.from(
      (async function* () {
        yield Buffer.from('3,');
        throw new Error('the line was cut');
      })()
    );
    await catalog.store
      .append({ tenant: 'demo', stagingId: upload.id, name: 'a.csv', offset: 8, limitBytes: 8, body: cut, signal: new AbortController().signal })
      .catch(() => undefined);
    expect((await state(upload.id)).files).toEqual([{ name: 'a.csv', sizeBytes: 16, receivedBytes: 10 }]);
    expect((await part(upload.id, 8, '3,4\n5,6\n')).body).toMatchObject({ code: 'conflict' });
    expect((await part(upload.id, 10, '4\n5,6\n')).body).toEqual({ receivedBytes: 16 });
    await catalog.as(ann).completeUpload({ params: { ...params, upload: upload.id } });
    expect(await catalog.ready('resumed')).toMatchObject({ rowCount: 3, sizeBytes: 16 });
  });

  test('completing is refused while bytes are missing, and answers the same version however often it is asked', async () => {
    const upload = await begin('once', [{ name: 'a.csv', sizeBytes: 8 }]);
    await part(upload.id, 0, 'a,b\n');
    const early = await catalog.host.request(ann, 'POST', `${base}/uploads/${upload.id}/complete`);
    expect(early).toMatchObject({ status: 409, body: { code: 'invalid-state', detail: '‘a.csv’ has 4 of 8 bytes.' } });
    await part(upload.id, 4, '1,2\n');
    const complete = () => catalog.as(ann).completeUpload({ params: { ...params, upload: upload.id } });
    const answers = await Promise.all([complete(), complete(), complete()]);
    expect(answers.map(({ version }) => version)).toEqual(['1', '1', '1']);
    expect(await complete()).toEqual(answers[0]);
    expect((await part(upload.id, 8, 'x')).body).toMatchObject({ code: 'invalid-state' });
    expect(await state(upload.id)).toMatchObject({ state: 'completed', version: '1' });
  });

  test('a completion that was cut after the bytes moved is finished by the next', async () => {
    const upload = await begin('moved', [{ name: 'a.csv', sizeBytes: 8 }]);
    await part(upload.id, 0, 'a,b\n1,2\n');
    await catalog.store.publish({ tenant: 'demo', stagingId: upload.id, key: `datasets/${upload.id}` });
    expect(await catalog.as(ann).completeUpload({ params: { ...params, upload: upload.id } })).toMatchObject({ name: 'moved', version: '1' });
  });

  test('a cancelled upload leaves nothing, also when a completion had moved its bytes already', async () => {
    const upload = await begin('dropped', [{ name: 'a.csv', sizeBytes: 8 }]);
    await part(upload.id, 0, 'a,b\n1,2\n');
    const key = `datasets/${upload.id}`;
    await catalog.store.publish({ tenant: 'demo', stagingId: upload.id, key });
    await catalog.as(ann).cancelUpload({ params: { ...params, upload: upload.id } });
    await patiently(async () => (await catalog.store.list({ tenant: 'demo', key })) === undefined);
  });

  test('more than was announced, a wrong type and strange names are refused', async () => {
    const upload = await begin('strict', [{ name: 'a.csv', sizeBytes: 4 }]);
    expect((await part(upload.id, 0, 'a,b\n1')).status).toBe(413);
    const json = await catalog.host.request(ann, 'PUT', `${base}/uploads/${upload.id}/files/0?offset=0`, { a: 1 });
    expect(json.status).toBe(415);
    expect((await catalog.send(ann, `${base}/uploads/${upload.id}/files/7?offset=0`, Buffer.from('x'))).status).toBe(404);
    expect((await catalog.send(vic, `${base}/uploads/${upload.id}/files/0?offset=0`, Buffer.from('x'))).status).toBe(403);
    for (const name of ['../a.csv', 'a/b.csv', '.hidden', 'a\\b', '', 'a\u0000.csv']) {
      expect((await catalog.host.request(ann, 'POST', `${base}/uploads`, { dataset: 'strict', files: [{ name, sizeBytes: 1 }] })).status).toBe(400);
    }
    const twice = [
      { name: 'a.csv', sizeBytes: 1 },
      { name: 'a.csv', sizeBytes: 1 }
    ];
    expect((await catalog.host.request(ann, 'POST', `${base}/uploads`, { dataset: 'strict', files: twice })).status).toBe(400);
  });

  test('what is no table is refused when it is completed, and makes no dataset', async () => {
    const upload = await begin('photo', [{ name: 'a.csv', sizeBytes: 3 }]);
    await catalog.send(ann, `${base}/uploads/${upload.id}/files/0?offset=0`, Buffer.from([0x1f, 0x8b, 0]));
    expect(await catalog.host.request(ann, 'POST', `${base}/uploads/${upload.id}/complete`)).toMatchObject({ status: 415, body: { detail: '‘a.csv’ is packed (gzip).' } });
    expect((await catalog.host.request(ann, 'GET', `${base}/datasets/photo`)).status).toBe(404);
  });

  test('F07 an output is published once, whoever asks however often at the same time', async () => {
    const stagingId = await catalog.stageOutput({ 'part-0.csv': 'a,b\n1,2\n', _SUCCESS: '' });
    const body = { dataset: 'made', producerUrn: producer('j1'), output: 'result', stagingId, inputs: ['urn:strata:demo:dataset:source@1'] };
    const publish = () => catalog.as(platform).publishOutput({ params, body });
    const answers = await Promise.all(Array.from({ length: 8 }, publish));
    expect(new Set(answers.map(({ urn }) => urn))).toEqual(new Set(['urn:strata:demo:dataset:made@1']));
    expect(await publish()).toEqual(answers[0]);
    expect((await catalog.as(vic).listVersions({ params: { ...params, dataset: 'made' } })).items).toHaveLength(1);
    expect(await catalog.ready('made')).toMatchObject({ rowCount: 1, origin: { kind: 'output', producerUrn: producer('j1') } });
    const second = await catalog.as(platform).publishOutput({ params, body: { ...body, producerUrn: producer('j2'), stagingId: await catalog.stageOutput({ 'a.csv': 'a,b\n' }) } });
    expect(second.version).toBe('2');
  });

  test('an output whose bytes moved before a crash is published by the retry; one whose bytes are gone is told so', async () => {
    const stagingId = await catalog.stageOutput({ 'a.csv': 'a,b\n1,2\n' });
    const body = { dataset: 'crashed', producerUrn: producer('j3'), output: 'result', stagingId, inputs: [] };
    const { outputContentId } = await import('./domain/output-id.ts');
    await catalog.store.publish({ tenant: 'demo', stagingId, key: `datasets/${outputContentId('demo', body.producerUrn, 'result')}` });
    expect(await catalog.as(platform).publishOutput({ params, body })).toMatchObject({ version: '1' });
    const lost = await catalog.host.request(platform, 'POST', `${base}/outputs`, { ...body, producerUrn: producer('j4') });
    expect(lost.status).toBe(404);
  });

  test('T18 an output with a link in it is refused', async () => {
    const { symlink } = await import('node:fs/promises');
    const stagingId = await catalog.stageOutput({ 'a.csv': 'a,b\n1,2\n' });
    await symlink('/etc/passwd', `${await catalog.store.stage({ tenant: 'demo', stagingId })}/b.csv`);
    const answer = await catalog.host.request(platform, 'POST', `${base}/outputs`, { dataset: 'linked', producerUrn: producer('j5'), output: 'result', stagingId, inputs: [] });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid-input' } });
    await rm(await catalog.store.stage({ tenant: 'demo', stagingId }), { recursive: true });
  });
});
