import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import type { Actor } from '../actor.ts';
import { firstOf } from '../ports/identity.ts';
import { createAccessKeyIdentity, type KeyFacts } from './access-key-identity.ts';
import { createInternalIdentity, createInternalToken } from './internal-token.ts';

const key = randomBytes(48);
const noon = new Date('2026-01-01T12:00:00Z');
const ann: Actor = { subject: 'ann', kind: 'user', tenants: { demo: 'viewer' }, isAdministrator: false, via: 'hub' };
const { signal } = new AbortController();
const identify = (token: string, at = noon): Promise<Actor | undefined> => createInternalIdentity(key, () => at).identify(token, signal);

describe('internal tokens (T09)', () => {
  test('carry the actor as it is', async () => {
    expect(await identify(createInternalToken(ann, key, noon))).toEqual(ann);
  });

  test('live for a minute and a minute of clock skew', async () => {
    const token = createInternalToken(ann, key, noon);
    expect(await identify(token, new Date(noon.getTime() + 119_000))).toEqual(ann);
    expect(await identify(token, new Date(noon.getTime() + 121_000))).toBeUndefined();
    expect(await identify(token, new Date(noon.getTime() - 61_000))).toBeUndefined();
  });

  const forged = (change: (payload: { actor: Actor; expires: number; alg?: string }) => object, signature?: string): string => {
    const [, payload = '', mac = ''] = createInternalToken(ann, key, noon).split('.');
    const changed = Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(payload, 'base64url').toString())))).toString('base64url');
    return `stl1.${changed}.${signature ?? mac}`;
  };

  test.each([
    ['nothing', ''],
    ['another key', createInternalToken(ann, randomBytes(48), noon)],
    ['a stronger role under the old signature', forged(payload => ({ ...payload, actor: { ...payload.actor, isAdministrator: true } }))],
    ['no signature', forged(payload => payload, '')],
    ['an algorithm of its own choice', forged(payload => ({ ...payload, alg: 'none' }), '')],
    ['a part too many', `${createInternalToken(ann, key, noon)}.x`],
    ['another prefix', createInternalToken(ann, key, noon).replace('stl1', 'stl0')]
  ])('%s is nobody', async (_what, token) => {
    expect(await identify(token)).toBeUndefined();
  });

  test('a short key is refused at start', () => {
    expect(() => createInternalIdentity(Buffer.alloc(16), () => noon)).toThrow(/32 bytes/);
  });
});

describe('access keys', () => {
  const facts: KeyFacts = { active: true, subject: 'ann', tenant: 'demo', role: 'editor', scopes: ['job:read', 'made:up'], keyId: 'k1', kind: 'job-token', jobId: 'j1' };

  test('become an actor of one tenant with the known scopes only; the key itself goes nowhere', async () => {
    const asked: string[] = [];
    const identity = createAccessKeyIdentity(
      async digest => {
        asked.push(digest);
        return facts;
      },
      () => 0
    );
    expect(await identity.identify('sk-strata-abc', signal)).toEqual({
      subject: 'ann',
      kind: 'user',
      tenants: { demo: 'editor' },
      isAdministrator: false,
      scopes: ['job:read'],
      via: 'job-token',
      credentialId: 'k1',
      jobId: 'j1'
    });
    expect(asked).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(await identity.identify('something-else', signal)).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  test('a revoked key dies within 30 s: an answer is believed for 10 s (T11)', async () => {
    let instant = 0;
    let isActive = true;
    const identity = createAccessKeyIdentity(
      async () => ({ ...facts, active: isActive }),
      () => instant
    );
    expect(await identity.identify('sk-strata-abc', signal)).toBeDefined();
    isActive = false;
    instant = 10_001;
    expect(await identity.identify('sk-strata-abc', signal)).toBeUndefined();
  });

  test('a failed question is not remembered', async () => {
    let isDown = true;
    const identity = createAccessKeyIdentity(
      async () => {
        if (isDown) throw new Problem('unavailable');
        return facts;
      },
      () => 0
    );
    await expect(identity.identify('sk-strata-abc', signal)).rejects.toMatchObject({ code: 'unavailable' });
    isDown = false;
    expect(await identity.identify('sk-strata-abc', signal)).toBeDefined();
  });
});

test('providers are asked in order until one knows the credential', async () => {
  const nobody = { identify: async (): Promise<undefined> => undefined };
  const first = { identify: async (): Promise<Actor> => ann };
  expect(await firstOf([nobody, first]).identify('x', signal)).toEqual(ann);
  expect(await firstOf([nobody]).identify('x', signal)).toBeUndefined();
});
