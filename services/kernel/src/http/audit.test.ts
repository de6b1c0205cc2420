import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestHost, testActor, type TestHost } from '@stratalab/tooling';
import { mountedNotes } from '../testing/notes.test-support.ts';
import { auditHash, firstAuditHash } from './audit.ts';
import type { Actor } from '../actor.ts';

const ann = testActor({ subject: 'ann', tenants: { demo: 'editor' }, via: 'access-key', credentialId: 'k1', onBehalfOf: 'zoe' });
const vic = testActor({ subject: 'vic', tenants: { demo: 'viewer' } });
const eve = testActor({ subject: 'eve', tenants: { other: 'admin' } });

describe('the audit log', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await createTestHost({ services: [mountedNotes] });
  });
  afterAll(() => host.close());
  const write = (actor: Actor, text: string) => host.request(actor, 'POST', '/api/notes/v1/tenants/demo/notes', { text });
  const rows = (tenant: string) => host.database.asSystem('read audit', tx => tx.selectFrom('kernel.audit').selectAll().where('tenant', '=', tenant).orderBy('position').execute());

  test('P11 every change has exactly one row that says who, for whom, by what and on what', async () => {
    const before = (await rows('demo')).length;
    const answer = await write(ann, 'milk');
    const added = (await rows('demo')).slice(before);
    expect(added).toEqual([
      expect.objectContaining({
        subject: 'ann',
        on_behalf_of: 'zoe',
        via: 'access-key',
        credential_id: 'k1',
        action: 'note.create',
        operation: 'createNote',
        target: `urn:strata:demo:dataset:${(answer.body as { id: string }).id}`,
        decision: 'allowed',
        reason: null,
        request_id: answer.headers['x-request-id']
      })
    ]);
  });

  test('a refused call has one row with the reason; a call that failed has none', async () => {
    const before = (await rows('demo')).length;
    await write(vic, 'no');
    await write(ann, 'too much');
    await write(ann, 'broken');
    const added = (await rows('demo')).slice(before);
    expect(added.map(({ subject, decision, reason }) => ({ subject, decision, reason }))).toEqual([
      { subject: 'vic', decision: 'denied', reason: 'forbidden' },
      { subject: 'ann', decision: 'denied', reason: 'quota-exceeded' }
    ]);
  });

  test('a stranger cannot fill the log of a tenant; the attempt is in the log of the installation', async () => {
    const before = (await rows('demo')).length;
    await write(eve, 'hello');
    expect(await rows('demo')).toHaveLength(before);
    expect((await rows('')).at(-1)).toMatchObject({ subject: 'eve', decision: 'denied', reason: 'not-found' });
  });

  test('the chain holds while many write at once: each row carries the hash of the one before it', async () => {
    await Promise.all(Array.from({ length: 30 }, (_unused, index) => write(index % 3 === 0 ? vic : ann, `n${index}`)));
    let previous = firstAuditHash;
    for (const { position: _position, previous_hash: given, hash, ...row } of await rows('demo')) {
      expect(given).toBe(previous);
      expect(hash).toBe(auditHash(previous, row));
      previous = hash;
    }
  });

  test('a change to any field of a row breaks its hash', () => {
    const row = { subject: 'ann', target: 'a', reason: null };
    const hash = auditHash(firstAuditHash, row);
    expect(auditHash(firstAuditHash, { ...row, subject: 'eve' })).not.toBe(hash);
    expect(auditHash(firstAuditHash, { ...row, reason: '' })).not.toBe(hash);
    expect(auditHash(hash, row)).not.toBe(hash);
    expect(auditHash(firstAuditHash, { subject: 'a', target: 'nn', reason: null })).not.toBe(auditHash(firstAuditHash, { subject: 'an', target: 'n', reason: null }));
  });
});
