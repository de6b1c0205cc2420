import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestHost, testActor, waitFor, type TestHost } from '@stratalab/tooling';
import { mountedNotes } from '../testing/notes.test-support.ts';
import { sql } from 'kysely';
import { newId } from '../id.ts';
import { createInternalToken } from '../identity/internal-token.ts';
import { forgetAnswers } from './idempotency.ts';

const ann = testActor({ subject: 'ann', tenants: { demo: 'editor', other: 'editor' } });
const bob = testActor({ subject: 'bob', tenants: { demo: 'editor' } });

describe('idempotency keys (P3)', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await createTestHost({ services: [mountedNotes] });
  });
  afterAll(() => host.close());
  const post = (actor: typeof ann, text: string, key: string, tenant = 'demo') =>
    host.request(actor, 'POST', `/api/notes/v1/tenants/${tenant}/notes`, { text }, { 'idempotency-key': key });
  const idOf = (answer: { body: unknown }): unknown => (answer.body as { id: unknown }).id;

  test('twenty requests at once with one key make one object and give one answer', async () => {
    const key = newId();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(ann, 'once', key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test('the same key for another request is refused', async () => {
    const key = newId();
    await post(ann, 'one', key);
    const other = await post(ann, 'two', key);
    expect([other.status, (other.body as { code: string }).code]).toEqual([422, 'key-reused']);
  });

  test('keys of other people and other tenants are other keys (T12)', async () => {
    const key = newId();
    const ids = [await post(ann, 'same', key), await post(bob, 'same', key), await post(ann, 'same', key, 'other')].map(idOf);
    expect(new Set(ids).size).toBe(3);
  });

  test('a failed request keeps no answer: the retry runs', async () => {
    const key = newId();
    expect((await post(ann, 'too much', key)).status).toBe(409);
    expect((await post(ann, 'fits', key)).status).toBe(201);
  });

  test('F02 the connection dies after the commit and before the answer: the retry gets that answer, and there is one object', async () => {
    const key = newId();
    const { port } = new URL(await host.host.app.listen({ host: '127.0.0.1', port: 0 }));
    const body = JSON.stringify({ text: 'lost' });
    const head = ['POST /api/notes/v1/tenants/demo/notes HTTP/1.1', 'host: x', 'content-type: application/json', `content-length: ${body.length}`, `idempotency-key: ${key}`];
    const credential = `authorization: Bearer ${createInternalToken(ann, host.internalKey, new Date())}`;
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`${[...head, credential].join('\r\n')}\r\n\r\n${body}`);
    const written = (): Promise<readonly { id: string }[]> =>
      host.database.asSystem('what was written', async tx => (await sql<{ id: string }>`select id from notes.note where text = 'lost'`.execute(tx)).rows);
    await once(socket, 'ready');
    socket.resetAndDestroy();
    await waitFor(async () => (await written()).length > 0);
    const retry = await post(ann, 'lost', key);
    expect([retry.status, retry.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(await written()).toEqual([{ id: idOf(retry) }]);
  });

  test('a replay says so, and never says more than the contract', async () => {
    const key = newId();
    await post(ann, 'milk', key);
    const again = await post(ann, 'milk', key);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.text).not.toContain('for nobody');
  });

  test('an answer is kept for 24 hours', async () => {
    const key = newId();
    const first = await post(ann, 'milk', key);
    const age = (interval: string) =>
      host.database.asSystem('time passes', async tx => {
        await sql`update kernel.idempotency set time = now() - ${interval}::interval where key = ${key}`.execute(tx);
        await forgetAnswers(tx);
      });
    await age('23 hours');
    expect(idOf(await post(ann, 'milk', key))).toBe(idOf(first));
    await age('25 hours');
    expect(idOf(await post(ann, 'milk', key))).not.toBe(idOf(first));
  });

  test.each(['', 'x'.repeat(201), 'with space', 'ü'])('a key that is none is refused: %s', async key => {
    expect((await post(ann, 'x', key)).status).toBe(400);
  });
});
