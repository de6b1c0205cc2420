import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Actor } from '../actor.ts';
import type { Tx } from '../database/database.ts';

export interface AuditFact {
  readonly tenant: string;
  readonly actor: Actor;
  readonly action: string;
  readonly operation: string;
  /** URN or path of what was changed. */
  readonly target: string;
  readonly decision: 'allowed' | 'denied';
  readonly reason?: string;
  readonly requestId: string;
}

/** First link of every tenant's chain. */
export const firstAuditHash = '0'.repeat(64);

/** Hash of one audit row over everything it says and the hash of the row before it. */
export function auditHash(previousHash: string, row: Readonly<Record<string, string | null>>): string {
  const text = JSON.stringify([
    previousHash,
    ...Object.keys(row)
      .sort()
      .map(name => [name, row[name]])
  ]);
  return createHash('sha256').update(text).digest('hex');
}

/** Appends one row to the tenant's hash chain in the caller's transaction; concurrent writers of one tenant queue up. */
export async function recordAudit(tx: Tx, fact: AuditFact, time: Date): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`audit:${fact.tenant}`}, 0))`.execute(tx);
  const last = await tx.selectFrom('kernel.audit').select('hash').where('tenant', '=', fact.tenant).orderBy('position', 'desc').limit(1).executeTakeFirst();
  const previousHash = last?.hash ?? firstAuditHash;
  const row = {
    tenant: fact.tenant,
    subject: fact.actor.subject,
    on_behalf_of: fact.actor.onBehalfOf ?? null,
    via: fact.actor.via,
    credential_id: fact.actor.credentialId ?? null,
    action: fact.action,
    operation: fact.operation,
    target: fact.target,
    decision: fact.decision,
    reason: fact.reason ?? null,
    request_id: fact.requestId,
    time: time.toISOString()
  };
  await tx
    .insertInto('kernel.audit')
    .values({ ...row, previous_hash: previousHash, hash: auditHash(previousHash, row) })
    .execute();
}
