import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';
import { mountService, newId } from '@stratalab/kernel';
import { administrator, createTenant, createTestHost, fakeControlPorts, testActor, type TestHost } from '@stratalab/tooling';
import fc from 'fast-check';
import { sql } from 'kysely';
import { control } from '../index.ts';

const viewer = (tenant: string) => testActor({ subject: 'vic', tenants: { [tenant]: 'viewer' } });

describe('quota reservations', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await createTestHost({ services: [mountService(control, fakeControlPorts())] });
  });
  afterAll(() => host.close());

  const platform = () => host.clientFor(controlRoutes, administrator);
  const freshTenant = async (limit: number): Promise<string> => {
    const tenant = `t${newId().slice(-12)}`;
    await createTenant(host, tenant);
    await platform().setQuota({ params: { tenant, resource: 'gpu' }, body: { limit } });
    return tenant;
  };
  const urn = (tenant: string, name: string): string => `urn:strata:${tenant}:job:${name}`;
  const reserve = (tenant: string, name: string, gpu: number) => platform().reserveQuota({ params: { tenant }, body: { objectUrn: urn(tenant, name), amounts: { gpu } } });
  const gpu = async (tenant: string) => (await host.clientFor(controlRoutes, viewer(tenant)).getQuotas({ params: { tenant } })).items.find(({ resource }) => resource === 'gpu');
  const codeOf = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: unknown) => (error instanceof Problem ? error.code : 'bug')
    );
  const letHeldExpire = (tenant: string): Promise<unknown> =>
    host.database.inTenant({ tenant }, tx => sql`update control.reservation set expires_at = now() - interval '1 second' where state = 'held'`.execute(tx));

  test('P5 whatever happens in whatever order, the books equal the living reservations and never pass the limit', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.oneof(
      fc.record({ do: fc.constant('reserve' as const), name, gpu: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constant('confirm' as const), name }),
      fc.record({ do: fc.constant('release' as const), name }),
      fc.record({ do: fc.constant('expire' as const) })
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async steps => {
        const limit = 6;
        const tenant = await freshTenant(limit);
        const living = new Map<string, { gpu: number; state: 'held' | 'confirmed' }>();
        const taken = (): number => [...living.values()].reduce((sum, row) => sum + row.gpu, 0);
        for (const current of steps) {
          if (current.do === 'expire') {
            await letHeldExpire(tenant);
            for (const [key, row] of living) if (row.state === 'held') living.delete(key);
            continue;
          }
          const known = living.get(current.name);
          const body = { objectUrn: urn(tenant, current.name) };
          if (current.do === 'reserve') {
            const fits = known !== undefined || taken() + current.gpu <= limit;
            expect(await codeOf(reserve(tenant, current.name, current.gpu))).toBe(fits ? 'done' : 'quota-exceeded');
            if (fits && known === undefined) living.set(current.name, { gpu: current.gpu, state: 'held' });
          } else if (current.do === 'confirm') {
            const code = await codeOf(platform().confirmReservation({ params: { tenant }, body }));
            // An expired one may still be there until somebody sweeps; the object exists, so it may come back to life.
            if (known !== undefined) expect(code).toBe('done');
            if (code === 'done' && known !== undefined) living.set(current.name, { ...known, state: 'confirmed' });
            if (code === 'done' && known === undefined) await platform().releaseReservation({ params: { tenant }, body });
          } else {
            await platform().releaseReservation({ params: { tenant }, body });
            living.delete(current.name);
          }
        }
        await reserve(tenant, 'sweeps', 0);
        const book = await gpu(tenant);
        expect((book?.used ?? 0) + (book?.reserved ?? 0)).toBe(taken());
        expect(taken()).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 25 }
    );
  });

  test('an object reserves once, however often it asks', async () => {
    const tenant = await freshTenant(2);
    const answers = await Promise.all(Array.from({ length: 10 }, () => reserve(tenant, 'same', 2)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await gpu(tenant)).toMatchObject({ reserved: 2, used: 0 });
  });

  test('J7 a lowered limit stops nothing, and refuses what comes next with limit, used, requested and a hint', async () => {
    const tenant = await freshTenant(4);
    await reserve(tenant, 'running', 3);
    await platform().confirmReservation({ params: { tenant }, body: { objectUrn: urn(tenant, 'running') } });
    await platform().setQuota({ params: { tenant, resource: 'gpu' }, body: { limit: 2 } });
    expect(await gpu(tenant)).toMatchObject({ limit: 2, used: 3 });
    const refusal = await reserve(tenant, 'next', 1).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'quota-exceeded', details: { limit: 2, used: 3, requested: 1, resource: 'gpu', hint: expect.stringContaining('administrator') } });
    await platform().releaseReservation({ params: { tenant }, body: { objectUrn: urn(tenant, 'running') } });
    expect(await codeOf(reserve(tenant, 'next', 1))).toBe('done');
  });

  test('a refusal over several resources holds none of them', async () => {
    const tenant = await freshTenant(1);
    const refused = platform().reserveQuota({ params: { tenant }, body: { objectUrn: urn(tenant, 'both'), amounts: { cpu: 1, gpu: 2 } } });
    expect(await codeOf(refused)).toBe('quota-exceeded');
    const { items } = await host.clientFor(controlRoutes, viewer(tenant)).getQuotas({ params: { tenant } });
    expect(items.map(({ reserved }) => reserved)).toEqual(items.map(() => 0));
  });

  test('a confirmation says what the object really takes: less or more than was held, once', async () => {
    const tenant = await freshTenant(4);
    await reserve(tenant, 'a', 3);
    const confirm = (name: string, amount: number) => platform().confirmReservation({ params: { tenant }, body: { objectUrn: urn(tenant, name), amounts: { gpu: amount } } });
    expect(await confirm('a', 1)).toMatchObject({ state: 'confirmed', amounts: { gpu: 1 } });
    await confirm('a', 2);
    expect(await gpu(tenant)).toMatchObject({ used: 1, reserved: 0 });
    await reserve(tenant, 'b', 3);
    await confirm('b', 5);
    expect(await gpu(tenant)).toMatchObject({ used: 6, reserved: 0 });
    for (const name of ['a', 'b']) await platform().releaseReservation({ params: { tenant }, body: { objectUrn: urn(tenant, name) } });
    expect(await gpu(tenant)).toMatchObject({ used: 0, reserved: 0 });
  });

  test('a release that comes twice gives back once', async () => {
    const tenant = await freshTenant(4);
    await reserve(tenant, 'kept', 1);
    await reserve(tenant, 'gone', 2);
    const body = { objectUrn: urn(tenant, 'gone') };
    await Promise.all([platform().releaseReservation({ params: { tenant }, body }), platform().releaseReservation({ params: { tenant }, body })]);
    expect(await gpu(tenant)).toMatchObject({ reserved: 1 });
  });

  test('the refusal is an event that the tenant can follow', async () => {
    const tenant = await freshTenant(0);
    await codeOf(reserve(tenant, 'x', 1));
    const rows = await host.database.inTenant({ tenant }, tx => tx.selectFrom('kernel.event').select(['data']).where('name', '=', 'quota.exceeded.v1').execute());
    expect(rows).toEqual([{ data: { resource: 'gpu', limit: 0, used: 0, requested: 1 } }]);
  });
});
