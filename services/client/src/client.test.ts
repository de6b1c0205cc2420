import { describe, expect, test } from '@jest/globals';
import { Problem, type Route } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';
import fc from 'fast-check';
import { createClient, urlOf } from './client.ts';
import { createHttpTransport } from './http-transport.ts';
import { problemFromAnswer } from './problem-error.ts';
import type { TransportAnswer, TransportRequest } from './transport.ts';

const member: Route = controlRoutes.setMember;

/** A client whose requests are kept and answered with `answer`. */
function clientWith(answer: Partial<TransportAnswer>): { readonly client: ReturnType<typeof createClient<typeof controlRoutes>>; readonly sent: TransportRequest[] } {
  const sent: TransportRequest[] = [];
  const client = createClient(controlRoutes, async request => {
    sent.push(request);
    return { status: 200, headers: {}, body: undefined, ...answer };
  });
  return { client, sent };
}

describe('addresses', () => {
  test('T15 T17 every value of a path stays one segment that reads back as it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }).filter(value => value.isWellFormed()),
        user => {
          const path = urlOf(member, { params: { tenant: 'demo', user } });
          const segments = path.split('/');
          expect(segments.slice(0, -1).join('/')).toBe('/api/control/v1/tenants/demo/members');
          expect(decodeURIComponent(segments.at(-1) ?? '')).toBe(user);
        }
      )
    );
  });

  test('lists repeat their name, absent values are left out, marks are encoded', () => {
    const url = new URL(urlOf(member, { params: { tenant: 'demo', user: 'ann' }, query: { tag: ['a&b', 'c'], limit: 5, cursor: undefined, owner: null } }), 'http://host');
    expect([...url.searchParams]).toEqual([
      ['tag', 'a&b'],
      ['tag', 'c'],
      ['limit', '5']
    ]);
  });

  test('a path value that is missing or empty is refused instead of sent', () => {
    expect(() => urlOf(member, { params: { tenant: 'demo', user: '' } })).toThrow("needs 'user'");
    expect(() => urlOf(member, { params: { user: 'ann' } })).toThrow("needs 'tenant'");
  });
});

describe('calls', () => {
  test('send method, body and idempotency key, and answer the body', async () => {
    const { client, sent } = clientWith({ status: 201, body: { name: 'demo' } });
    const answer = await client.createTenant({ body: { name: 'demo', displayName: 'Demo' } }, { idempotencyKey: 'once' });
    expect(answer).toEqual({ name: 'demo' });
    expect(sent).toMatchObject([
      {
        method: 'POST',
        path: '/api/control/v1/tenants',
        body: JSON.stringify({ name: 'demo', displayName: 'Demo' }),
        headers: { 'idempotency-key': 'once', 'content-type': 'application/json' }
      }
    ]);
  });

  test('a failed answer is thrown as the problem the service threw, with its numbers', async () => {
    const thrown = new Problem('quota-exceeded', { detail: 'No.', limit: 2, used: 2, requested: 1, hint: 'Ask.' });
    const { client } = clientWith({ status: 409, body: thrown.toDocument('r1') });
    await expect(client.whoAmI({})).rejects.toMatchObject({ code: 'quota-exceeded', status: 409, details: { limit: 2, used: 2, requested: 1, hint: 'Ask.', instance: 'r1' } });
  });

  test.each([
    [401, 'unauthenticated'],
    [404, 'not-found'],
    [429, 'too-many-requests'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'timed-out'],
    [418, 'internal']
  ])('%i from something in between becomes %s', (status, code) => {
    expect(problemFromAnswer(status, '<html>').code).toBe(code);
    expect(problemFromAnswer(status, { code: 'constructor' }).code).toBe(code);
  });
});

describe('the HTTP transport', () => {
  test('adds the credential of the moment and reads JSON, nothing and text that is no JSON', async () => {
    const seen: (string | null)[] = [];
    let token = 'first';
    const answers = ['{"a":1}', '', '<html>'];
    const transport = createHttpTransport({
      baseUrl: 'http://host/services/stratalab',
      headers: () => ({ authorization: `token ${token}` }),
      fetch: async (input, init) => {
        seen.push(`${String(input)} ${new Headers(init?.headers).get('authorization')}`);
        return new Response(answers.shift());
      }
    });
    const request = { method: 'GET', path: '/api/x', headers: {} } as const;
    expect((await transport(request)).body).toEqual({ a: 1 });
    token = 'second';
    expect((await transport(request)).body).toBeUndefined();
    expect((await transport(request)).body).toBeUndefined();
    expect(seen.slice(0, 2)).toEqual(['http://host/services/stratalab/api/x token first', 'http://host/services/stratalab/api/x token second']);
  });

  test('a platform that cannot be reached is a problem; an abort of the caller stays one', async () => {
    const unreachable = createHttpTransport({ baseUrl: 'http://host', headers: () => ({}), fetch: () => Promise.reject(new TypeError('fetch failed')) });
    await expect(unreachable({ method: 'GET', path: '/', headers: {} })).rejects.toMatchObject({ code: 'unavailable' });
    await expect(unreachable({ method: 'GET', path: '/', headers: {}, signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('fetch failed');
  });

  test('so is an answer that breaks off', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new TypeError('terminated'));
      }
    });
    const transport = createHttpTransport({ baseUrl: 'http://host', headers: () => ({}), fetch: async () => new Response(body) });
    await expect(transport({ method: 'GET', path: '/', headers: {} })).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('gives up after its time', async () => {
    const transport = createHttpTransport({
      baseUrl: 'http://host',
      headers: () => ({}),
      timeoutMs: 20,
      fetch: (_input, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
    });
    await expect(transport({ method: 'GET', path: '/', headers: {} })).rejects.toMatchObject({ code: 'timed-out' });
  });
});
