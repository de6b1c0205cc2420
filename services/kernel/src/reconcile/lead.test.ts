import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestHost, waitFor, type TestHost } from '@stratalab/tooling';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { newId } from '../id.ts';
import { createLogger } from '../telemetry/log.ts';
import { lead, type Leader, type Term } from './lead.ts';
import { StaleLease } from './reconciler.ts';

describe('the lead', () => {
  let host: TestHost;
  let stop: AbortController;
  let running: Promise<void>[];
  const logger = createLogger({ level: 'silent', service: 'test' });

  beforeAll(async () => {
    host = await createTestHost({ services: [] });
    await host.database.asSystem('effects', tx => sql`create table public.led (name text, writer text)`.execute(tx));
  });
  afterAll(() => host.close());
  beforeEach(() => {
    stop = new AbortController();
    running = [];
  });
  afterEach(async () => {
    stop.abort();
    await Promise.all(running);
  });

  const compete = (leader: Leader, signal = stop.signal): void => void running.push(lead(leader, { database: host.database, logger, stop: signal }));
  const ended = (signal: AbortSignal): Promise<void> => new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
  const write = (term: Term, name: string, writer: string): Promise<unknown> =>
    term.write(tx => sql`insert into public.led (name, writer) values (${name}, ${writer})`.execute(tx));
  const writers = (name: string): Promise<string[]> =>
    host.database.asSystem('read', async tx =>
      (await sql<{ writer: string }>`select writer from public.led where name = ${name} order by writer`.execute(tx)).rows.map(row => row.writer)
    );
  const expire = (name: string): Promise<unknown> =>
    host.database.asSystem('the lease runs out', tx =>
      sql`update kernel.reconcile_item set lease_until = now() - interval '1 second' where kind = 'leader' and object_id = ${name}`.execute(tx)
    );

  test('F05 of three processes one leads; when it ends, another does at once', async () => {
    const name = newId();
    const first = new AbortController();
    let leading: readonly string[] = [];
    /** Who led whenever a term began. */
    const seen: (readonly string[])[] = [];
    const leader = (own: string, leaseMs: number): Leader => ({
      name,
      leaseMs,
      async work({ signal }) {
        leading = [...leading, own];
        seen.push(leading);
        await ended(signal);
        leading = leading.filter(other => other !== own);
      }
    });
    // Its lease outlives every pause of a slow machine; the others ask often.
    compete(leader('first', 3_600_000), AbortSignal.any([stop.signal, first.signal]));
    await waitFor(() => seen.length === 1);
    let asked = 0;
    const counted: Database = { ...host.database, asSystem: (reason, work) => host.database.asSystem(reason, work).finally(() => (asked += 1)) };
    for (let index = 0; index < 2; index++) running.push(lead(leader('other', 900), { database: counted, logger, stop: stop.signal }));
    await waitFor(() => asked >= 4);
    expect(seen).toEqual([['first']]);
    first.abort();
    await waitFor(() => seen.length > 1);
    expect(seen[1]).toEqual(['other']);
  });

  test('F05 F06 P2 two that both believe to lead: the writes of the one that slept are refused, those of its successor stand', async () => {
    const name = newId();
    let sleeper: Term | undefined;
    // Asks so seldom for more time that it will not notice: as a process that was stopped.
    compete({
      name,
      leaseMs: 3_600_000,
      work: async term => {
        sleeper ??= term;
        await ended(term.signal);
      }
    });
    const old = await waitFor(() => sleeper);
    await write(old, name, 'sleeper, in time');
    await expire(name);
    let successor: Term | undefined;
    compete({
      name,
      leaseMs: 900,
      work: async term => {
        successor = term;
        await ended(term.signal);
      }
    });
    const young = await waitFor(() => successor);
    await write(young, name, 'successor');
    await expect(write(old, name, 'sleeper, late')).rejects.toBeInstanceOf(StaleLease);
    expect(await writers(name)).toEqual(['sleeper, in time', 'successor']);
  });

  test('one whose lease was taken hears of it, and a lease that is renewed is not taken', async () => {
    const name = newId();
    let terms = 0;
    let losses = 0;
    const work = async ({ signal }: Term): Promise<void> => {
      terms += 1;
      await ended(signal);
      losses += 1;
    };
    compete({ name, leaseMs: 600, work });
    await waitFor(() => terms === 1 || undefined);
    const until = (): Promise<string | undefined> =>
      host.database.asSystem(
        'read',
        async tx => (await sql<{ at: string }>`select lease_until::text as at from kernel.reconcile_item where kind = 'leader' and object_id = ${name}`.execute(tx)).rows[0]?.at
      );
    const before = await until();
    await waitFor(async () => (await until()) !== before || undefined);
    expect([terms, losses]).toEqual([1, 0]);
    await host.database.asSystem('somebody takes it', tx =>
      sql`update kernel.reconcile_item set fence = nextval('kernel.fence'), lease_until = now() + interval '1 second' where kind = 'leader' and object_id = ${name}`.execute(tx)
    );
    await waitFor(() => losses === 1 || undefined);
    await waitFor(() => terms === 2 || undefined);
  });

  test('work that fails begins again', async () => {
    let terms = 0;
    compete({
      name: newId(),
      leaseMs: 300,
      work: async () => {
        terms += 1;
        throw new Error('on purpose');
      }
    });
    await waitFor(() => terms >= 3 || undefined);
  });
});
