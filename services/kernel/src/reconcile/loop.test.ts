import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestHost, waitFor, type TestHost } from '@stratalab/tooling';
import fc from 'fast-check';
import { sql } from 'kysely';
import { newId } from '../id.ts';
import { createLogger } from '../telemetry/log.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { backOffMs, runReconciler } from './loop.ts';
import { StaleLease, type ReconcileContext, type Reconciler } from './reconciler.ts';
import { aheadOfOthersMs, wake, wakeAll } from './wake.ts';

describe('the reconcile loop', () => {
  let host: TestHost;
  let stop: AbortController;
  let loops: Promise<void>[];
  const logger = createLogger({ level: 'silent', service: 'test' });
  const metrics = createMetrics();

  beforeAll(async () => {
    host = await createTestHost({ services: [] });
    await host.database.asSystem('effects', tx => sql`create table public.effect (id text, writer text)`.execute(tx));
  });
  afterAll(() => host.close());
  beforeEach(() => {
    stop = new AbortController();
    loops = [];
  });
  afterEach(async () => {
    stop.abort();
    await Promise.all(loops);
  });

  const run = (reconciler: Reconciler, signal = stop.signal): void => void loops.push(runReconciler(reconciler, { database: host.database, logger, metrics, stop: signal }));
  const wakeOne = (kind: string, objectId: string): Promise<void> => host.database.inTenant({ tenant: 'demo' }, tx => wake(tx, { kind, objectId, tenant: 'demo' }));
  const item = (kind: string) => host.database.asSystem('read item', tx => tx.selectFrom('kernel.reconcile_item').selectAll().where('kind', '=', kind).executeTakeFirst());
  const expireLease = (kind: string): Promise<unknown> =>
    host.database.asSystem('the lease runs out', tx => sql`update kernel.reconcile_item set lease_until = now() - interval '1 second' where kind = ${kind}`.execute(tx));
  const writers = async (id: string): Promise<string[]> =>
    host.database.asSystem('read effects', async tx =>
      (await sql<{ writer: string }>`select writer from public.effect where id = ${id}`.execute(tx)).rows.map(({ writer }) => writer)
    );
  const write = (context: ReconcileContext, writer: string): Promise<unknown> =>
    context.write(tx => sql`insert into public.effect (id, writer) values (${context.id}, ${writer})`.execute(tx));

  test('a wake-up runs a step, and a finished object is forgotten', async () => {
    const kind = newId();
    const seen: string[] = [];
    run({
      kind,
      reconcile: async ({ id, tenant }) => {
        seen.push(`${tenant}/${id}`);
        return { isDone: true };
      }
    });
    await wakeOne(kind, 'a');
    await waitFor(async () => seen.length === 1 && (await item(kind)) === undefined);
    expect(seen).toEqual(['demo/a']);
  });

  test('a wake-up during a step leads to one more step', async () => {
    const kind = newId();
    let steps = 0;
    let finish = (): void => undefined;
    run({
      kind,
      reconcile: async () => {
        steps += 1;
        if (steps === 1) await new Promise<void>(resolve => (finish = resolve));
        return { isDone: true };
      }
    });
    await wakeOne(kind, 'a');
    await waitFor(() => steps === 1);
    await wakeOne(kind, 'a');
    await wakeOne(kind, 'a');
    finish();
    await waitFor(async () => (await item(kind)) === undefined);
    expect(steps).toBe(2);
  });

  test('F05 with two processes at most one works on an object at a time', async () => {
    const kind = newId();
    let active = 0;
    let most = 0;
    let steps = 0;
    const reconciler: Reconciler = {
      kind,
      reconcile: async context => {
        active += 1;
        most = Math.max(most, active);
        await context.read(tx => sql`select pg_sleep(0.01)`.execute(tx));
        active -= 1;
        return ++steps < 20 ? { requeueAfterMs: 0 } : { isDone: true };
      }
    };
    run(reconciler);
    run(reconciler);
    await wakeOne(kind, 'a');
    await waitFor(() => steps >= 20);
    expect(most).toBe(1);
  });

  test('F06 P2 a holder that slept past its lease writes nothing', async () => {
    const kind = newId();
    const id = newId();
    let resume = (): void => undefined;
    let outcome: unknown;
    let starts = 0;
    const reconciler: Reconciler = {
      kind,
      reconcile: async context => {
        const isSleeper = ++starts === 1;
        if (isSleeper) await new Promise<void>(resolve => (resume = resolve));
        try {
          await write(context, isSleeper ? 'sleeper' : 'successor');
        } catch (error) {
          outcome = error;
          throw error;
        }
        return { requeueAfterMs: 3_600_000 };
      }
    };
    run(reconciler);
    await wakeOne(kind, id);
    await waitFor(() => starts === 1);
    await expireLease(kind);
    run(reconciler);
    await waitFor(async () => (await writers(id)).length === 1);
    resume();
    await waitFor(() => outcome !== undefined);
    expect(outcome).toBeInstanceOf(StaleLease);
    expect(await writers(id)).toEqual(['successor']);
    // The successor wrote before it gave its lease back.
    await waitFor(async () => (await item(kind))?.lease_owner === null);
    expect(await item(kind)).toMatchObject({ attempt: 0, last_error: null });
  });

  test('F06 the sleeper stays out when the object was finished, forgotten and woken again meanwhile', async () => {
    const kind = newId();
    const id = newId();
    let resume = (): void => undefined;
    let outcome: unknown;
    let starts = 0;
    const reconciler: Reconciler = {
      kind,
      reconcile: async context => {
        const start = ++starts;
        if (start === 1) {
          await new Promise<void>(resolve => (resume = resolve));
          await write(context, 'sleeper').catch((error: unknown) => (outcome = error));
          return { isDone: true };
        }
        await write(context, 'successor');
        return start === 2 ? { isDone: true } : { requeueAfterMs: 3_600_000 };
      }
    };
    run(reconciler);
    await wakeOne(kind, id);
    await waitFor(() => starts === 1);
    await expireLease(kind);
    run(reconciler);
    await waitFor(async () => (await item(kind)) === undefined);
    await wakeOne(kind, id);
    await waitFor(async () => (await writers(id)).length === 2);
    resume();
    await waitFor(() => outcome !== undefined);
    expect(outcome).toBeInstanceOf(StaleLease);
    expect(await writers(id)).toEqual(['successor', 'successor']);
  });

  test('what is woken ahead of others does not wait for them', async () => {
    const kind = newId();
    const seen: string[] = [];
    await host.database.inTenant({ tenant: 'demo' }, async tx => {
      await wakeAll(
        tx,
        kind,
        ['a', 'b', 'c'].map(id => ({ id, tenant: 'demo' }))
      );
      await wakeAll(tx, kind, [{ id: 'late', tenant: 'demo' }], aheadOfOthersMs);
    });
    run({ kind, concurrency: 1, reconcile: async ({ id }) => ({ isDone: seen.push(id) > 0 }) });
    await waitFor(() => seen.length === 4);
    expect([seen[0], [...seen].sort()]).toEqual(['late', ['a', 'b', 'c', 'late']]);
  });

  test('F01 what a killed process held is taken over when its lease ends', async () => {
    const kind = newId();
    await host.database.asSystem('a process died in its step', tx =>
      sql`insert into kernel.reconcile_item (kind, object_id, tenant, due_at, lease_owner, lease_until, fence)
          values (${kind}, 'a', 'demo', 'infinity', 'dead', now() - interval '1 second', 1)`.execute(tx)
    );
    let steps = 0;
    run({ kind, reconcile: async () => ({ isDone: ++steps > 0 }) });
    await waitFor(async () => (await item(kind)) === undefined);
    expect(steps).toBe(1);
  });

  test('a failed step is noted and waits; a wake-up does not wait', async () => {
    const kind = newId();
    let steps = 0;
    // After so many failures it waits for minutes: nothing but the wake-up ends the pause here.
    await host.database.asSystem('it failed eight times', tx =>
      sql`insert into kernel.reconcile_item (kind, object_id, tenant, attempt) values (${kind}, 'a', 'demo', 8)`.execute(tx)
    );
    run({
      kind,
      reconcile: async () => {
        if (++steps === 1) throw new Error('the disk is on fire');
        return { isDone: true };
      }
    });
    const failed = await waitFor(async () => {
      const row = await item(kind);
      return typeof row?.last_error === 'string' ? row : undefined;
    });
    expect(failed).toMatchObject({ attempt: 9, last_error: 'the disk is on fire', lease_owner: null });
    expect(Date.parse(failed.due_at)).toBeGreaterThan(Date.now());
    await wakeOne(kind, 'a');
    await waitFor(async () => (await item(kind)) === undefined);
    expect(steps).toBe(2);
  });

  test('a stopping process gives back what it could not finish', async () => {
    const kind = newId();
    let isRunning = false;
    const stopping = new AbortController();
    run(
      {
        kind,
        reconcile: async ({ signal }) => {
          isRunning = true;
          await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
          return {};
        }
      },
      stopping.signal
    );
    await wakeOne(kind, 'a');
    await waitFor(() => isRunning);
    stopping.abort();
    await waitFor(async () => (await item(kind))?.lease_owner === null);
    expect(await item(kind)).toMatchObject({ attempt: 0, last_error: null });
  });

  test('objects that nobody wakes are found by the resync, in their own tenant', async () => {
    const kind = newId();
    const seen: string[] = [];
    run({
      kind,
      list: async () => [
        { id: 'a', tenant: 'demo' },
        { id: 'b', tenant: 'other' }
      ],
      reconcile: async context => {
        const { rows } = await context.read(tx => sql<{ tenant: string }>`select current_setting('app.tenant') as tenant`.execute(tx));
        seen.push(`${context.id} ${rows[0]?.tenant}`);
        return { isDone: true };
      }
    });
    await waitFor(() => seen.length >= 2);
    expect(seen.sort()).toEqual(['a demo', 'b other']);
  });

  test('the database loses its connections under load: the loop goes on (F09)', async () => {
    const kind = newId();
    let steps = 0;
    run({
      kind,
      reconcile: async context => {
        await context.read(tx => sql`select 1`.execute(tx));
        return ++steps < 15 ? { requeueAfterMs: 0 } : { isDone: true };
      }
    });
    await wakeOne(kind, 'a');
    await waitFor(() => steps >= 3);
    await host.database.asSystem('cut every connection', tx =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(tx)
    );
    await waitFor(() => steps >= 15);
  });
});

describe('the pause after failures', () => {
  const attempt = fc.integer({ min: 0, max: 1_000 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  test('lies between 0.8 s and 6 min and within 20 % of doubling', () => {
    fc.assert(
      fc.property(attempt, random, (tries, chance) => {
        const pause = backOffMs(tries, chance);
        const base = Math.min(1_000 * 2 ** Math.min(tries, 30), 300_000);
        expect(pause).toBeGreaterThanOrEqual(0.8 * base - 1);
        expect(pause).toBeLessThanOrEqual(1.2 * base + 1);
      })
    );
  });

  test('never shrinks with more failures', () => {
    fc.assert(fc.property(attempt, random, (tries, chance) => expect(backOffMs(tries + 1, chance)).toBeGreaterThanOrEqual(backOffMs(tries, chance))));
  });
});
