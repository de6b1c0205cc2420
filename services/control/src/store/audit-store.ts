import type { AuditEntry } from '@stratalab/contracts/control';
import { auditHash, decodeCursor, firstAuditHash, pageOf, type KernelTables, type Tx } from '@stratalab/kernel';
import type { Selectable } from 'kysely';

type AuditRow = Selectable<KernelTables['kernel.audit']>;

function entryOf(row: AuditRow): AuditEntry {
  return {
    position: row.position,
    time: row.time,
    subject: row.subject,
    onBehalfOf: row.on_behalf_of,
    via: row.via,
    action: row.action,
    operation: row.operation,
    target: row.target,
    decision: row.decision === 'denied' ? 'denied' : 'allowed',
    reason: row.reason,
    requestId: row.request_id
  };
}

export interface AuditFilter {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly decision?: 'allowed' | 'denied' | undefined;
}

/** Newest first. `action` matches a whole name or, ending in a dot, a prefix. */
export async function listAuditPage(tx: Tx, tenant: string, filter: AuditFilter): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  const before = decodeCursor(filter.cursor, 1)?.[0];
  let query = tx
    .selectFrom('kernel.audit')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('position', 'desc')
    .limit(filter.limit + 1);
  if (before !== undefined) query = query.where('position', '<', Number(before));
  if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject);
  if (filter.decision !== undefined) query = query.where('decision', '=', filter.decision);
  if (filter.action !== undefined)
    query = filter.action.endsWith('.') ? query.where('action', 'like', `${filter.action.replace(/[%_\\]/g, '\\$&')}%`) : query.where('action', '=', filter.action);
  return pageOf(await query.execute(), filter.limit, { item: entryOf, key: row => [row.position] });
}

const batchSize = 1_000;

/** Recomputes the tenant's whole hash chain in batches; names the first row that does not fit. */
export async function verifyChain(tx: Tx, tenant: string): Promise<{ isIntact: boolean; checked: number; brokenAt: number | null }> {
  let previous = firstAuditHash;
  let after = 0;
  let checked = 0;
  for (;;) {
    const rows = await tx.selectFrom('kernel.audit').selectAll().where('tenant', '=', tenant).where('position', '>', after).orderBy('position').limit(batchSize).execute();
    for (const row of rows) {
      const { position, previous_hash: linked, hash, ...said } = row;
      if (linked !== previous || auditHash(previous, said) !== hash) return { isIntact: false, checked, brokenAt: position };
      previous = hash;
      after = position;
      checked += 1;
    }
    if (rows.length < batchSize) return { isIntact: true, checked, brokenAt: null };
  }
}
