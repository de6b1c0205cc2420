import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { newId } from '../id.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { assertHeld, claimDue, release, type Lease } from './lease.ts';
import { StaleLease, type ReconcileContext, type Reconciler } from './reconciler.ts';
import { reconcileChannel } from './wake.ts';

export interface ReconcileLoopParts {
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly stop: AbortSignal;
}

const defaults = { concurrency: 4, leaseMs: 60_000, resyncMs: 60_000, idlePollMs: 1_000 };
const firstBackOffMs = 1_000;
const longestBackOffMs = 5 * 60_000;
const releaseTries = 6;
const firstReleasePauseMs = 100;

/** Pause before the next try after `attempt` failures: 1 s doubling to 5 min, with ±20 % jitter by `random` in [0, 1). */
export function backOffMs(attempt: number, random: number): number {
  const base = Math.min(firstBackOffMs * 2 ** Math.min(attempt, 20), longestBackOffMs);
  return Math.round(base * (0.8 + 0.4 * random));
}

/** Runs one reconciler until `stop`; resolves when the last step in flight ended. */
export async function runReconciler(reconciler: Reconciler, parts: ReconcileLoopParts): Promise<void> {
  const owner = newId();
  const inFlight = new Set<Promise<void>>();
  const bell = createBell(parts.stop);
  parts.database.listen(
    reconcileChannel,
    kind => {
      if (kind === '' || kind === reconciler.kind) bell.ring();
    },
    parts.stop
  );
  let nextResync = 0;
  while (!parts.stop.aborted) {
    try {
      if (Date.now() >= nextResync) {
        await resync(reconciler, parts.database);
        nextResync = Date.now() + (reconciler.resyncMs ?? defaults.resyncMs);
      }
      const count = (reconciler.concurrency ?? defaults.concurrency) - inFlight.size;
      const leases = count > 0 ? await claimDue(parts.database, { kind: reconciler.kind, owner, count, leaseMs: reconciler.leaseMs ?? defaults.leaseMs }) : [];
      for (const lease of leases) {
        const step = runStep(reconciler, lease, parts).finally(() => {
          inFlight.delete(step);
          bell.ring();
        });
        inFlight.add(step);
      }
      if (leases.length === 0 || count === leases.length) await bell.wait(defaults.idlePollMs);
    } catch (error) {
      parts.logger.warn({ event: 'reconcile.loop-failed', kind: reconciler.kind, error }, 'the reconcile loop could not reach the database');
      await bell.wait(defaults.idlePollMs);
    }
  }
  await Promise.allSettled(inFlight);
}

async function resync(reconciler: Reconciler, database: Database): Promise<void> {
  const { list } = reconciler;
  if (list === undefined) return;
  await database.asSystem(`resync ${reconciler.kind}`, async tx => {
    const objects = await list(tx);
    const [ids, tenants] = [objects.map(({ id }) => id), objects.map(({ tenant }) => tenant)];
    await sql`insert into kernel.reconcile_item (kind, object_id, tenant)
      select ${reconciler.kind}, id, tenant from unnest(${ids}::text[], ${tenants}::text[]) as listed(id, tenant) on conflict do nothing`.execute(tx);
  });
}

async function runStep(reconciler: Reconciler, lease: Lease, parts: ReconcileLoopParts): Promise<void> {
  const timer = parts.metrics.reconcileSeconds.startTimer({ kind: reconciler.kind });
  let outcome: Parameters<typeof release>[2];
  try {
    const result = await reconciler.reconcile(createContext(reconciler, lease, parts));
    outcome = { nextMs: result.isDone === true ? undefined : result.requeueAfterMs, attempt: 0 };
    timer({ result: 'ok' });
  } catch (error) {
    timer({ result: error instanceof StaleLease ? 'stale' : 'error' });
    if (error instanceof StaleLease) return;
    outcome = outcomeOf(error, lease, parts.stop.aborted);
    if (!parts.stop.aborted) {
      parts.logger.warn(
        { event: 'reconcile.step-failed', kind: reconciler.kind, id: lease.id, tenant: lease.tenant, attempt: lease.attempt, error },
        'a reconcile step failed and will be retried'
      );
    }
  }
  await giveBack(lease, outcome, parts);
}

/** A step that a stopping process cut short did not fail: the next process takes over at once. */
function outcomeOf(error: unknown, lease: Lease, isStopping: boolean): Parameters<typeof release>[2] {
  if (isStopping) return { nextMs: 0, attempt: lease.attempt };
  return { nextMs: backOffMs(lease.attempt, Math.random()), attempt: lease.attempt + 1, error: error instanceof Error ? error.message : String(error) };
}

/** Releases the lease; the database may be away for a moment. When it stays away the lease runs out by itself. */
async function giveBack(lease: Lease, outcome: Parameters<typeof release>[2], parts: ReconcileLoopParts): Promise<void> {
  for (let tries = 0; tries < releaseTries; tries++) {
    try {
      return await release(parts.database, lease, outcome);
    } catch (error) {
      parts.logger.warn({ event: 'reconcile.release-failed', kind: lease.kind, id: lease.id, error }, 'a lease could not be given back');
      if (parts.stop.aborted) return;
      await pause(firstReleasePauseMs * 2 ** tries, undefined, { signal: parts.stop }).catch(() => undefined);
    }
  }
}

function createContext(reconciler: Reconciler, lease: Lease, parts: ReconcileLoopParts): ReconcileContext {
  return {
    id: lease.id,
    tenant: lease.tenant,
    signal: AbortSignal.any([parts.stop, AbortSignal.timeout(reconciler.leaseMs ?? defaults.leaseMs)]),
    logger: parts.logger,
    read: work => parts.database.inTenant({ tenant: lease.tenant, isReadOnly: true }, work),
    write: work =>
      parts.database.inTenant({ tenant: lease.tenant }, async tx => {
        await assertHeld(tx, lease);
        return work(tx);
      })
  };
}

/** A wake-up that is remembered when nobody waits. */
function createBell(stop: AbortSignal): { ring: () => void; wait: (timeoutMs: number) => Promise<void> } {
  let isRung = false;
  let open: (() => void) | undefined;
  const ring = (): void => {
    isRung = true;
    open?.();
  };
  stop.addEventListener('abort', ring, { once: true });
  return {
    ring,
    async wait(timeoutMs) {
      if (!isRung) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, timeoutMs);
          open = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      open = undefined;
      isRung = false;
    }
  };
}
