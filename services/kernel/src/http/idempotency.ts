import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@stratalab/contracts';
import { sql } from 'kysely';
import type { Database, Tx } from '../database/database.ts';
import type { Logger } from '../telemetry/log.ts';

export interface IdempotencyScope {
  readonly tenant: string;
  readonly subject: string;
  readonly key: string;
  readonly operation: string;
  readonly requestDigest: string;
}

/** Digest of what a request asks for; the same key with another digest is refused. */
export function digestRequest(input: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(input) ?? '')
    .digest('hex');
}

/**
 * The answer an earlier request with this key got, or `undefined` when the key is new.
 * @throws key-reused when the key was used for another request
 */
export async function findAnswer(tx: Tx, scope: IdempotencyScope): Promise<{ status: number; response: unknown } | undefined> {
  const row = await tx
    .selectFrom('kernel.idempotency')
    .select(['operation', 'request_digest', 'status', 'response'])
    .where('tenant', '=', scope.tenant)
    .where('subject', '=', scope.subject)
    .where('key', '=', scope.key)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.operation !== scope.operation || row.request_digest !== scope.requestDigest) {
    throw new Problem('key-reused', { detail: 'The Idempotency-Key of this request was already used for a different one.', hint: 'Use a new key for a new request.' });
  }
  return { status: row.status, response: row.response };
}

/** Keeps the answer in the transaction of the change; a concurrent twin waits here and then finds the key taken. */
export async function keepAnswer(tx: Tx, scope: IdempotencyScope, answer: { status: number; response: unknown }): Promise<void> {
  await tx
    .insertInto('kernel.idempotency')
    .values({
      tenant: scope.tenant,
      subject: scope.subject,
      key: scope.key,
      operation: scope.operation,
      request_digest: scope.requestDigest,
      status: answer.status,
      response: JSON.stringify(answer.response ?? null)
    })
    .execute();
}

const keptFor = '24 hours';
const forgetEveryMs = 3_600_000;

/** Drops the answers that were kept long enough; @returns how many */
export async function forgetAnswers(tx: Tx): Promise<number> {
  const result = await sql`delete from kernel.idempotency where time < now() - ${keptFor}::interval`.execute(tx);
  return Number(result.numAffectedRows ?? 0n);
}

/** Forgets old answers now and every hour until `stop`. */
export async function keepForgettingAnswers(parts: { database: Database; logger: Logger; stop: AbortSignal }): Promise<void> {
  while (!parts.stop.aborted) {
    await parts.database
      .asSystem('forget old answers', forgetAnswers)
      .catch((error: unknown) => parts.logger.warn({ event: 'idempotency.forget-failed', error }, 'old answers could not be dropped'));
    await pause(forgetEveryMs, undefined, { signal: parts.stop, ref: false }).catch(() => undefined);
  }
}
