import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestHost, waitFor, type TestHost } from '@stratalab/tooling';
import { sql } from 'kysely';
import { createLogger } from '../telemetry/log.ts';
import { newId } from '../id.ts';
import type { Database, Tx } from '../database/database.ts';
import { appendEvent, eventChannel } from './append-event.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { runSubscription, type Subscription } from './subscription.ts';

describe('subscriptions', () => {
  let host: TestHost;
  let log: EventLog;
  let stop: AbortController;
  const closing = new AbortController();
  const logger = createLogger({ level: 'silent', service: 'test' });

  beforeAll(async () => {
    host = await createTestHost({ services: [] });
    log = createEventLog(host.database, closing.signal);
    await host.database.asSystem('effects', tx => sql`create table public.effect (consumer text, label text, tenant text default current_setting('app.tenant'))`.execute(tx));
    await host.database.asSystem('pauses', async tx => {
      await sql`create table public.pause (consumer text, failures integer, seconds float8)`.execute(tx);
      // How long each pause would be is written down; it ends when a test says so and not while the machine is slow.
      await sql`
        create function public.hold_pause() returns trigger language plpgsql as $$ begin
          insert into public.pause values (new.consumer, new.failures, extract(epoch from new.retry_at - now()));
          new.retry_at := 'infinity';
          return new;
        end $$`.execute(tx);
      await sql`create trigger hold_pause before update on kernel.subscription for each row when (new.retry_at is not null) execute function public.hold_pause()`.execute(tx);
    });
  });
  afterAll(async () => {
    closing.abort();
    await host.close();
  });
  beforeEach(() => {
    stop = new AbortController();
  });
  afterEach(() => stop.abort());

  const say = (label: string, tenant = 'demo'): Promise<void> =>
    host.database.inTenant({ tenant }, tx => appendEvent(tx, { name: 'job.finished.v1', tenant, urn: `urn:strata:${tenant}:job:${label}`, data: { label } }));
  const wakeAll = (): Promise<unknown> => host.database.asSystem('wake', tx => sql`select pg_notify(${eventChannel}, '')`.execute(tx));
  const effects = (consumer: string): Promise<readonly { label: string; tenant: string }[]> =>
    host.database.asSystem(
      'read effects',
      async tx => (await sql<{ label: string; tenant: string }>`select label, tenant from public.effect where consumer = ${consumer}`.execute(tx)).rows
    );
  const state = (consumer: string): Promise<{ failures: number } | undefined> =>
    host.database.asSystem('read state', tx => tx.selectFrom('kernel.subscription').select('failures').where('consumer', '=', consumer).executeTakeFirst());
  /** The pause before the next try is over. */
  const skipPause = async (consumer: string): Promise<void> => {
    await host.database.asSystem('skip the pause', tx => tx.updateTable('kernel.subscription').set({ retry_at: null }).where('consumer', '=', consumer).execute());
    await wakeAll();
  };
  const subscription = (consumer: string, before: (label: string) => void = () => undefined): Subscription => ({
    consumer,
    events: ['job.finished.v1'],
    async handle(tx: Tx, event) {
      const label = String(event.data['label']);
      await sql`insert into public.effect (consumer, label) values (${consumer}, ${label})`.execute(tx);
      before(label);
    }
  });
  const run = (given: Subscription): void => runSubscription(given, { database: host.database, log, logger, stop: stop.signal });
  const consumerName = (): string => `test/${newId()}`;

  test('an event that fails after its effect leaves the effect once (P4)', async () => {
    const consumer = consumerName();
    const [one, flaky, three] = [newId(), newId(), newId()];
    let tries = 0;
    for (const label of [one, flaky, three]) await say(label);
    run(
      subscription(consumer, label => {
        if (label === flaky && ++tries < 3) throw new Error('not yet');
      })
    );
    for (const failures of [1, 2]) {
      await waitFor(async () => (await state(consumer))?.failures === failures);
      expect((await effects(consumer)).map(({ label }) => label)).not.toContain(three);
      await skipPause(consumer);
    }
    const seen = await waitFor(async () => {
      const rows = await effects(consumer);
      return rows.some(({ label }) => label === three) ? rows : undefined;
    });
    const mine = seen.map(({ label }) => label).filter(label => [one, flaky, three].includes(label));
    expect(mine).toEqual([one, flaky, three]);
    expect(tries).toBe(3);
  });

  test('a poison event is set aside after eight failures; what came before it is not lost and what comes after it goes on', async () => {
    const consumer = consumerName();
    const [before, poison, after] = [newId(), newId(), newId()];
    for (const label of [before, poison, after]) await say(label);
    run(
      subscription(consumer, label => {
        if (label === poison) throw new Error('never');
      })
    );
    for (let failures = 1; failures < 8; failures++) {
      await waitFor(async () => (await state(consumer))?.failures === failures);
      await skipPause(consumer);
    }
    const labels = await waitFor(async () => {
      const rows = (await effects(consumer)).map(({ label }) => label);
      return rows.includes(after) ? rows : undefined;
    });
    expect(labels.filter(label => label === before)).toHaveLength(1);
    expect(labels).not.toContain(poison);
    const dead = await host.database.asSystem('dead letters', tx => tx.selectFrom('kernel.dead_letter').select('error').where('consumer', '=', consumer).execute());
    expect(dead).toEqual([{ error: 'never' }]);
  });

  test('pauses between tries grow', async () => {
    const consumer = consumerName();
    const poison = newId();
    await say(poison);
    run(
      subscription(consumer, label => {
        if (label === poison) throw new Error('never');
      })
    );
    for (let failures = 1; failures < 5; failures++) {
      await waitFor(async () => (await state(consumer))?.failures === failures);
      await skipPause(consumer);
    }
    const { rows } = await host.database.asSystem('read pauses', tx =>
      sql<{ seconds: number }>`select seconds from public.pause where consumer = ${consumer} and failures < 5 order by failures`.execute(tx)
    );
    expect(rows.map(({ seconds }) => seconds)).toEqual([1, 2, 4, 8]);
  });

  test('a failure that is noted late does not hold up what another process handled meanwhile', async () => {
    const consumer = consumerName();
    const flaky = newId();
    await say(flaky);
    let tries = 0;
    const given = subscription(consumer, label => {
      if (label === flaky && ++tries === 1) throw new Error('not yet');
    });
    let goOn = (): void => undefined;
    const isHandled = new Promise<void>(resolve => (goOn = resolve));
    let isLate = false;
    let isNoted = false;
    const slow: Database = {
      ...host.database,
      async asSystem(reason, work) {
        if (!reason.startsWith('failure of')) return host.database.asSystem(reason, work);
        isLate = true;
        await isHandled;
        return host.database.asSystem(reason, work).finally(() => (isNoted = true));
      }
    };
    runSubscription(given, { database: slow, log, logger, stop: stop.signal });
    await waitFor(() => isLate);
    run(given);
    await waitFor(async () => (await effects(consumer)).some(({ label }) => label === flaky));
    goOn();
    await waitFor(() => isNoted);
    expect([await state(consumer), tries]).toEqual([{ failures: 0 }, 2]);
  });

  test('two processes with the same consumer handle each event once', async () => {
    const consumer = consumerName();
    const mine = Array.from({ length: 60 }, () => newId());
    run(subscription(consumer));
    run(subscription(consumer));
    await Promise.all(mine.map(label => say(label)));
    const labels = await waitFor(async () => {
      const rows = (await effects(consumer)).map(({ label }) => label).filter(label => mine.includes(label));
      return rows.length >= mine.length ? rows : undefined;
    });
    expect(labels.sort()).toEqual([...mine].sort());
  });

  test('the handler sees the tenant of the event and no other (row-level security)', async () => {
    const consumer = consumerName();
    run(subscription(consumer));
    const [here, there] = [newId(), newId()];
    await say(here, 'demo');
    await say(there, 'other');
    const rows = await waitFor(async () => {
      const found = (await effects(consumer)).filter(({ label }) => label === here || label === there);
      return found.length === 2 ? found : undefined;
    });
    expect(Object.fromEntries(rows.map(({ label, tenant }) => [label, tenant]))).toEqual({ [here]: 'demo', [there]: 'other' });
  });

  test('events for others pass by without a transaction for each, and are never read again after a restart', async () => {
    const consumer = consumerName();
    const position = (): Promise<number | undefined> =>
      host.database.asSystem(
        'read position',
        async tx => (await tx.selectFrom('kernel.subscription').select('position').where('consumer', '=', consumer).executeTakeFirst())?.position
      );
    const written: (number | undefined)[] = [];
    // It looks when it is told here: once for each event, however late a notification comes.
    let look = (): void => undefined;
    let reads = 0;
    const told: EventLog = {
      ...log,
      read: request => log.read(request).finally(() => (reads += 1)),
      onChange: callback => (look = callback)
    };
    runSubscription(subscription(consumer), { database: host.database, log: told, logger, stop: stop.signal });
    await waitFor(async () => (await position()) === (await log.head()));
    for (let index = 0; index < 20; index++) {
      await host.database.inTenant({ tenant: 'demo' }, tx => appendEvent(tx, { name: 'job.changed.v1', tenant: 'demo', urn: 'urn:strata:demo:job:other', data: {} }));
      const before = reads;
      look();
      await waitFor(() => reads > before);
      written.push(await position());
    }
    expect(new Set(written).size).toBe(1);
    look();
    await waitFor(async () => (await position()) === (await log.head()));
    const label = newId();
    await say(label);
    look();
    await waitFor(async () => (await effects(consumer)).filter(row => row.label === label).length === 1);
  });
});
