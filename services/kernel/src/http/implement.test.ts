import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestHost, testActor, type TestHost } from '@stratalab/tooling';
import Fastify from 'fastify';
import { mountedNotes } from '../testing/notes.test-support.ts';
import { assertEveryRouteIsDeclared } from './server.ts';

const ann = testActor({ subject: 'ann', tenants: { demo: 'editor' } });
const vic = testActor({ subject: 'vic', tenants: { demo: 'viewer' } });
const eve = testActor({ subject: 'eve', tenants: { other: 'admin' } });
const notes = '/api/notes/v1/tenants/demo/notes';

describe('contract routes', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await createTestHost({ services: [mountedNotes] });
  });
  afterAll(() => host.close());
  const count = async (): Promise<number> => ((await host.request(vic, 'GET', notes)).body as { items: unknown[] }).items.length;

  test('T04 a live route without a contract stops the service from booting', async () => {
    const app = Fastify();
    assertEveryRouteIsDeclared(app);
    expect(() => app.route({ method: 'GET', url: '/debug', handler: async () => 'x' })).toThrow(/has no contract/);
    await app.close();
  });

  test('answers carry only what the contract declares, also inside', async () => {
    const answer = await host.request(ann, 'POST', notes, { text: 'milk' });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({ id: expect.any(String), text: 'milk', pinned: { by: 'ann' } });
    const list = await host.request(vic, 'GET', notes);
    expect(list.text).not.toContain('for nobody');
  });

  test('who may not, changes nothing: 401 unknown, 403 known, 404 elsewhere', async () => {
    const before = await count();
    expect((await host.request(undefined, 'POST', notes, { text: 'x' })).status).toBe(401);
    expect((await host.request(vic, 'POST', notes, { text: 'x' })).status).toBe(403);
    expect((await host.request(eve, 'POST', notes, { text: 'x' })).status).toBe(404);
    expect(await count()).toBe(before);
  });

  test('the denial comes before the body is looked at', async () => {
    expect((await host.request(undefined, 'POST', notes, '{not json', { 'content-type': 'application/json' })).status).toBe(401);
    expect((await host.request(vic, 'POST', notes, { nonsense: true })).status).toBe(403);
  });

  test('HEAD, which comes for free with GET, is guarded like GET', async () => {
    const answer = await host.host.app.inject({ method: 'HEAD', url: notes });
    expect(answer.statusCode).toBe(401);
  });

  test.each([
    ['no header', {}],
    ['empty', { authorization: '' }],
    ['only the scheme', { authorization: 'Bearer ' }],
    ['null', { authorization: 'Bearer null' }],
    ['undefined', { authorization: 'Bearer undefined' }],
    ['another scheme', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
    ['an unsigned JWT', { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.' }],
    ['a user name from a proxy', { 'x-forwarded-user': 'admin', 'x-remote-user': 'admin' }],
    ['a tenant header', { 'x-tenant': 'demo', 'x-tenant-id': 'demo' }],
    ['a cookie', { cookie: 'jupyterhub-session-id=1; token=abc' }]
  ])('T09 %s is nobody', async (_what, headers) => {
    const answer = await host.host.app.inject({ method: 'GET', url: notes, headers });
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'unauthenticated']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  test('T10 quotes in path, query and headers are text', async () => {
    const attack = encodeURIComponent("' or 1=1; drop table notes.note; --");
    expect((await host.request(ann, 'GET', `/api/notes/v1/tenants/${attack}/notes`)).status).toBe(404);
    expect((await host.request(ann, 'GET', `${notes}?cursor=${attack}`)).status).toBe(400);
    expect((await host.request(ann, 'GET', notes, undefined, { 'idempotency-key': "' or 1=1" })).status).toBe(200);
    expect(await count()).toBeGreaterThan(0);
  });

  test.each([
    ['a field that is not declared', { text: 'x', tenant: 'other' }],
    ['a server-owned field', { text: 'x', id: '01arz3ndektsv4rrffq69g5fav' }],
    ['another type', { text: 5 }],
    ['too long', { text: 'x'.repeat(51) }],
    ['nothing', {}],
    ['a list', []]
  ])('T03 a body with %s is refused and named', async (_what, body) => {
    const answer = await host.request(ann, 'POST', notes, body);
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([400, 'invalid-request']);
  });

  test.each(['{"text":"x","__proto__":{"a":1}}', '{"text":"x","constructor":{"prototype":{}}}'])('T48 prototype poisoning is refused: %s', async payload => {
    expect((await host.request(ann, 'POST', notes, payload, { 'content-type': 'application/json' })).status).toBe(400);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json junk', 'application/xml'])(
    'T67 T70 a form cannot post: content type %s',
    async type => {
      const before = await count();
      const answer = await host.request(ann, 'POST', notes, '{"text":"x"}', { 'content-type': type });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(await count()).toBe(before);
    }
  );

  test.each(['0', '201', '1e9', '-1', 'x'])('T75 a page of %s rows is refused', async limit => {
    expect((await host.request(vic, 'GET', `${notes}?limit=${limit}`)).status).toBe(400);
  });

  test('T75 a body over the limit is refused without being kept', async () => {
    const answer = await host.request(ann, 'POST', notes, { text: 'x'.repeat(1_100_000) });
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([413, 'payload-too-large']);
  });

  test('T15 an encoded slash or dot names no other tenant', async () => {
    for (const tenant of ['demo%2F..%2Fother', '..%2fdemo', '%2e%2e', 'demo%00', 'DEMO', ' demo']) {
      expect([404, 400]).toContain((await host.request(ann, 'GET', `/api/notes/v1/tenants/${tenant}/notes`)).status);
    }
  });

  test('walking pages gives each note once', async () => {
    for (let index = 0; index < 7; index++) await host.request(ann, 'POST', notes, { text: `page ${index}` });
    const all = await count();
    const seen = new Set<string>();
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await host.request(vic, 'GET', `${notes}?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const page = body as { items: { id: string }[]; nextCursor: string | null };
      for (const { id } of page.items) {
        expect(seen.has(id)).toBe(false);
        seen.add(id);
      }
      cursor = page.nextCursor;
    }
    expect(seen.size).toBe(all);
  });

  test('a handler cannot write while it reads, change without commit, or commit twice: all are bugs that change nothing', async () => {
    const before = await count();
    expect((await host.request(vic, 'GET', '/api/notes/v1/tenants/demo/sneaky')).status).toBe(500);
    expect((await host.request(ann, 'POST', '/api/notes/v1/tenants/demo/forgetful')).status).toBe(500);
    expect(await count()).toBe(before);
    expect((await host.request(ann, 'POST', '/api/notes/v1/tenants/demo/twice')).status).toBe(500);
  });

  test('a bug answers 500 with a request id and not one word more', async () => {
    const answer = await host.request(ann, 'POST', notes, { text: 'broken' });
    expect(answer.status).toBe(500);
    expect(answer.body).toEqual({
      type: 'urn:strata:problem:internal',
      title: expect.any(String),
      status: 500,
      code: 'internal',
      retryable: false,
      instance: answer.headers['x-request-id']
    });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  test('an unknown path is a problem document too', async () => {
    const answer = await host.request(ann, 'GET', '/nothing?token=secret');
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([404, 'not-found']);
    expect(answer.text).not.toContain('secret');
  });

  test('every answer forbids sniffing and caching', async () => {
    const answer = await host.request(vic, 'GET', notes);
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'x-request-id': expect.any(String) });
  });
});
