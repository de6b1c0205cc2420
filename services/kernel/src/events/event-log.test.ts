import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestHost, waitFor, type TestHost } from '@stratalab/tooling';
import type { EventRecord } from '@stratalab/contracts';
import { sql } from 'kysely';
import type { Database, Tx } from '../database/database.ts';
import { appendEvent } from './append-event.ts';
import { createEventLog, type EventLog } from './event-log.ts';

describe('the event log', () => {
  let host: TestHost;
  let log: EventLog;
  const stop = new AbortController();
  beforeAll(async () => {
    host = await createTestHost({ services: [] });
    log = createEventLog(host.database, stop.signal);
  });
  afterAll(async () => {
    stop.abort();
    await host.close();
  });
  let start = 0;
  beforeEach(async () => {
    start = await log.head();
  });

  const append = (tx: Tx, label: string, tenant = 'demo'): Promise<void> =>
    appendEvent(tx, { name: 'job.changed.v1', tenant, urn: `urn:strata:${tenant}:job:${label}`, data: { label } });
  /** Events labelled 0, 1, 2 … of the tenants in turn, in one transaction. */
  const appendMany = (count: number, tenants: readonly string[]): Promise<unknown> =>
    host.database.asSystem('many events', tx =>
      sql`insert into kernel.event (id, name, tenant, urn, data, time)
          select 'many-' || lpad(i::text, 6, '0') || gen_random_uuid(), 'job.changed.v1', (${tenants}::text[])[1 + i % ${tenants.length}], 'urn:strata:demo:job:many',
            jsonb_build_object('label', i::text), clock_timestamp()
          from generate_series(0, ${count - 1}) i`.execute(tx)
    );
  const labels = (events: readonly EventRecord[]): unknown[] => events.map(({ data }) => data['label']);

  test('a slow writer that commits after a faster one is not skipped', async () => {
    let commit = (): void => undefined;
    const gate = new Promise<void>(resolve => (commit = resolve));
    let hasWritten = (): void => undefined;
    const written = new Promise<void>(resolve => (hasWritten = resolve));
    const slow = host.database.inTenant({ tenant: 'demo' }, async tx => {
      await append(tx, 'slow');
      hasWritten();
      await gate;
    });
    await written;
    await host.database.inTenant({ tenant: 'demo' }, tx => append(tx, 'fast'));
    const first = await log.read({ after: start, limit: 10 });
    expect(labels(first)).toEqual(['fast']);
    commit();
    await slow;
    expect(labels(await log.read({ after: first[0]?.position ?? 0, limit: 10 }))).toEqual(['slow']);
  });

  test('what is rolled back never happened', async () => {
    await expect(
      host.database.inTenant({ tenant: 'demo' }, async tx => {
        await append(tx, 'undone');
        throw new Error('no');
      })
    ).rejects.toThrow('no');
    expect(await log.read({ after: start, limit: 10 })).toEqual([]);
  });

  test('P7 while many write, a reader sees each event once, in dense order', async () => {
    const writers = 8;
    const each = 25;
    let isWriting = true;
    const writing = Promise.all(
      Array.from({ length: writers }, async (_unused, writer) => {
        for (let index = 0; index < each; index++) await host.database.inTenant({ tenant: 'demo' }, tx => append(tx, `${writer}-${index}`));
      })
    ).finally(() => (isWriting = false));
    const seen: EventRecord[] = [];
    while (isWriting || seen.length < writers * each) seen.push(...(await log.read({ after: seen.at(-1)?.position ?? start, limit: 7 })));
    await writing;
    expect(new Set(labels(seen)).size).toBe(writers * each);
    expect(seen.map(({ position }) => position)).toEqual(Array.from({ length: writers * each }, (_unused, index) => start + 1 + index));
  });

  test('more events than one batch of numbers are all there at the first read', async () => {
    await appendMany(1_100, ['demo']);
    await host.database.inTenant({ tenant: 'last' }, tx => append(tx, 'last', 'last'));
    expect(labels(await log.read({ after: start, limit: 10, tenant: 'last' }))).toEqual(['last']);
  });

  test('a reader far behind is served from the database, one at the end from memory, both the same', async () => {
    await appendMany(5_000, ['demo', 'other']);
    const behind: EventRecord[] = [];
    while (behind.length < 2_500) behind.push(...(await log.read({ after: behind.at(-1)?.position ?? start, limit: 400, tenant: 'demo' })));
    expect(labels(behind)).toEqual(Array.from({ length: 2_500 }, (_unused, index) => String(2 * index)));
    const fresh = createEventLog(host.database, stop.signal);
    const middle = behind[2_400]?.position ?? 0;
    expect(await log.read({ after: middle, limit: 50 })).toEqual(await fresh.read({ after: middle, limit: 50 }));
  });

  test('P7 a reader that asks again at once beside one that waits: both share one look, and no event is kept twice', async () => {
    let goOn = (): void => undefined;
    const isThere = new Promise<void>(resolve => (goOn = resolve));
    let reads = 0;
    const slow: Database = {
      ...host.database,
      async asSystem(reason, work) {
        if (reason === 'read events' && ++reads > 1) await isThere;
        return host.database.asSystem(reason, work);
      }
    };
    const fresh = createEventLog(slow, stop.signal);
    expect(await fresh.head()).toBe(start);
    const read = (): Promise<readonly EventRecord[]> => fresh.read({ after: start, limit: 10 });
    const first = read();
    const waiting = read();
    const again = first.then(read);
    expect(await first).toEqual([]);
    await host.database.inTenant({ tenant: 'demo' }, tx => append(tx, 'once'));
    expect(await log.head()).toBe(start + 1);
    goOn();
    expect([labels(await waiting), labels(await again), labels(await read())]).toEqual([['once'], ['once'], ['once']]);
  });

  test('those who wait are told', async () => {
    const told = new AbortController();
    let calls = 0;
    log.onChange(() => calls++, told.signal);
    await host.database.inTenant({ tenant: 'demo' }, tx => append(tx, 'news'));
    await waitFor(() => calls > 0);
    told.abort();
  });
});
