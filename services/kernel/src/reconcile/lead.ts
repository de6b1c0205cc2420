import { sql } from 'kysely';
import type { Database, Tx } from '../database/database.ts';
import { newId } from '../id.ts';
import type { Logger } from '../telemetry/log.ts';
import { assertHeld, type Lease } from './lease.ts';
import { StaleLease } from './reconciler.ts';

/** The time in which this process leads. */
export interface Term {
  /** Aborts when another process may lead: a lease that could not be renewed in time, or the end of the process. */
  readonly signal: AbortSignal;
  /** Writes, after checking in the same transaction that nobody took over. @throws StaleLease when somebody did: nothing is written */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Work that one process at a time does for all of them. */
export interface Leader {
  /** Name of the task, the same in every process. */
  readonly name: string;
  /** Runs until `term.signal` aborts; when it ends earlier or throws, another term begins after a pause. */
  readonly work: (term: Term) => Promise<void>;
  /** How long the others wait for a leader that fell silent; 6 s unless given. */
  readonly leaseMs?: number;
}

export interface LeaderParts {
  readonly database: Database;
  readonly logger: Logger;
  readonly stop: AbortSignal;
}

const defaultLeaseMs = 6_000;
/** Leases of leaders stand among those of objects, with the same fencing tokens, under a kind no reconciler has. */
const leaderKind = 'leader';
const systemTenant = '*';

/**
 * Competes for the lead until `stop`, and does the work while it has it. One process leads at a time by the lease; and whatever one does that does not know yet that
 * it lost it (stopped, cut off), its writes are refused by the fencing token.
 */
export async function lead(leader: Leader, parts: LeaderParts): Promise<void> {
  const { stop, logger } = parts;
  const owner = newId();
  const leaseMs = leader.leaseMs ?? defaultLeaseMs;
  while (!stop.aborted) {
    const lease = await claim(leader.name, { owner, leaseMs, database: parts.database }).catch((error: unknown) => {
      logger.warn({ event: 'leader.claim-failed', leader: leader.name, error }, 'the lead could not be asked for');
      return undefined;
    });
    if (lease !== undefined) await runTerm(leader, lease, leaseMs, parts);
    await wait(leaseMs / 3, stop);
  }
}

async function runTerm(leader: Leader, lease: Lease, leaseMs: number, { database, logger, stop }: LeaderParts): Promise<void> {
  const lost = new AbortController();
  const signal = AbortSignal.any([stop, lost.signal]);
  const renewing = keepLease(lease, { leaseMs, database, signal }).finally(() => lost.abort());
  logger.info({ event: 'leader.began', leader: leader.name, fence: lease.fence }, 'this process leads');
  try {
    // The end of the process may have come while the lease was asked for: work never begins with a signal that has aborted.
    if (!signal.aborted) await leader.work({ signal, write: work => writeHeld(lease, database, work) });
  } catch (error) {
    if (!signal.aborted && !(error instanceof StaleLease)) logger.warn({ event: 'leader.failed', leader: leader.name, error }, 'the work of a leader failed and begins again');
  } finally {
    lost.abort();
    await renewing;
    await giveUp(lease, database).catch(() => undefined);
  }
}

function writeHeld<T>(lease: Lease, database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.asSystem(`lead ${lease.id}`, async tx => {
    await assertHeld(tx, lease);
    return work(tx);
  });
}

async function claim(name: string, { owner, leaseMs, database }: { readonly owner: string; readonly leaseMs: number; readonly database: Database }): Promise<Lease | undefined> {
  return database.asSystem(`claim the lead of ${name}`, async tx => {
    await sql`insert into kernel.reconcile_item (kind, object_id, tenant, due_at) values (${leaderKind}, ${name}, ${systemTenant}, 'infinity') on conflict do nothing`.execute(tx);
    const { rows } = await sql<{ fence: number }>`
      update kernel.reconcile_item set lease_owner = ${owner}, fence = nextval('kernel.fence'), lease_until = now() + make_interval(secs => ${leaseMs / 1000})
      where kind = ${leaderKind} and object_id = ${name} and (lease_until is null or lease_until < now())
      returning fence`.execute(tx);
    const [row] = rows;
    return row === undefined ? undefined : { kind: leaderKind, id: name, tenant: systemTenant, attempt: 0, fence: row.fence };
  });
}

/** Renews the lease until the signal aborts, somebody else has it, or it could not be renewed before its end. */
async function keepLease(lease: Lease, { leaseMs, database, signal }: { readonly leaseMs: number; readonly database: Database; readonly signal: AbortSignal }): Promise<void> {
  let renewedAt = performance.now();
  while (!signal.aborted) {
    await wait(leaseMs / 3, signal);
    if (signal.aborted) return;
    const askedAt = performance.now();
    const isHeld = await renew(lease, leaseMs, database).catch(() => undefined);
    if (isHeld === false) return;
    if (isHeld === true) renewedAt = askedAt;
    else if (performance.now() - renewedAt > leaseMs) return;
  }
}

async function renew(lease: Lease, leaseMs: number, database: Database): Promise<boolean> {
  return database.asSystem(`renew the lead of ${lease.id}`, async tx => {
    const { numAffectedRows } = await sql`
      update kernel.reconcile_item set lease_until = now() + make_interval(secs => ${leaseMs / 1000})
      where kind = ${lease.kind} and object_id = ${lease.id} and fence = ${lease.fence}`.execute(tx);
    return numAffectedRows === 1n;
  });
}

async function giveUp(lease: Lease, database: Database): Promise<void> {
  await database.asSystem(`give up the lead of ${lease.id}`, tx =>
    sql`update kernel.reconcile_item set lease_owner = null, lease_until = null where kind = ${lease.kind} and object_id = ${lease.id} and fence = ${lease.fence}`.execute(tx)
  );
}

function wait(timeMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, timeMs);
    signal.addEventListener('abort', end, { once: true });
  });
}
