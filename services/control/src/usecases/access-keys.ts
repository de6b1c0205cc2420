import { randomBytes } from 'node:crypto';
import { formatUrn, isPermission, isRole, Problem, type Permission, type Role } from '@stratalab/contracts';
import type { AccessKey } from '@stratalab/contracts/control';
import { appendEvent, newId, type Call, type Database } from '@stratalab/kernel';
import { assertGrantable, digestSecret, secretPrefix } from '../domain/access-key.ts';
import { accessKeyOf, findLivingKey, insertAccessKey, listAccessKeyPage, revokeKey } from '../store/access-key-store.ts';

export interface AccessKeyRequest {
  readonly name: string;
  readonly scopes: readonly Permission[];
  readonly expiresInSeconds?: number | undefined;
  readonly kind?: 'access-key' | 'job-token' | undefined;
  readonly jobId?: string | undefined;
}

interface Introspected {
  readonly active: boolean;
  readonly subject?: string;
  readonly tenant?: string;
  readonly role?: Role;
  readonly scopes?: Permission[];
  readonly keyId?: string;
  readonly kind?: string;
  readonly jobId?: string;
}

const defaultLifetimeSeconds = 90 * 86_400;
const keyUrn = (tenant: string, id: string): string => formatUrn({ tenant, kind: 'access-key', name: id });

/**
 * Creates a key and shows its secret once; only the hash is kept. Job tokens are asked for by services, on behalf of the job's owner.
 * @throws forbidden when a scope goes beyond what the caller holds
 */
export async function createAccessKey(now: Date, call: Call, input: AccessKeyRequest): Promise<{ key: AccessKey; secret: string }> {
  const role = assertGrantable(call.actor, call.tenant, input.scopes);
  if (input.kind === 'job-token' && call.actor.kind !== 'service') throw new Problem('forbidden', { detail: 'Job tokens are issued by the platform only.' });
  const secret = `${secretPrefix}${randomBytes(32).toString('base64url')}`;
  const expires = new Date(now.getTime() + (input.expiresInSeconds ?? defaultLifetimeSeconds) * 1000);
  return call.commit(
    async tx => {
      const row = await insertAccessKey(tx, {
        id: newId(),
        tenant: call.tenant,
        name: input.name,
        kind: input.kind ?? 'access-key',
        digest: digestSecret(secret),
        hint: secret.slice(-4),
        created_by: call.actor.onBehalfOf ?? call.actor.subject,
        role,
        scopes: JSON.stringify(input.scopes),
        job_id: input.jobId ?? null,
        expires_at: expires.toISOString()
      });
      await appendEvent(tx, { name: 'access-key.changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: keyUrn(call.tenant, row.id), data: { change: 'created' } });
      return { key: accessKeyOf(row), secret };
    },
    created => keyUrn(call.tenant, created.key.id)
  );
}

export async function listAccessKeys(
  call: Call,
  query: { readonly cursor?: string | undefined; readonly limit: number }
): Promise<{ items: AccessKey[]; nextCursor: string | null }> {
  return call.read(tx => listAccessKeyPage(tx, { tenant: call.tenant, ...query }));
}

/** Revokes a key; it stops working within 30 s everywhere. Idempotent. */
export async function revokeAccessKey(call: Call, id: string): Promise<void> {
  await call.commit(
    async tx => {
      if (!(await revokeKey(tx, call.tenant, id))) throw new Problem('not-found');
      await appendEvent(tx, { name: 'access-key.changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: keyUrn(call.tenant, id), data: { change: 'revoked' } });
    },
    () => keyUrn(call.tenant, id)
  );
}

/** What a presented key may do, by the digest of its secret; `active: false` tells nothing about why. */
export async function introspectAccessKey(database: Database, digest: string): Promise<Introspected> {
  const row = await database.asSystem('introspect an access key', tx => findLivingKey(tx, digest));
  if (row === undefined || !isRole(row.role)) return { active: false };
  return {
    active: true,
    subject: row.created_by,
    tenant: row.tenant,
    role: row.role,
    scopes: row.scopes.filter(isPermission),
    keyId: row.id,
    kind: row.kind,
    ...(row.job_id === null ? {} : { jobId: row.job_id })
  };
}
