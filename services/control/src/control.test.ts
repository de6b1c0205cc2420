import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { controlRoutes } from '@stratalab/contracts/control';
import { mountService } from '@stratalab/kernel';
import { administrator, createTenant, createTestHost, fakeControlPorts, testActor, type TestHost } from '@stratalab/tooling';
import { control } from './index.ts';

const ann = testActor({ subject: 'ann', tenants: { demo: 'editor' } });
const vic = testActor({ subject: 'vic', tenants: { demo: 'viewer' } });
const eve = testActor({ subject: 'eve', tenants: { other: 'admin' } });

describe('control', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await createTestHost({ services: [mountService(control, fakeControlPorts())] });
    await createTenant(host, 'other');
  });
  afterAll(() => host.close());

  test('the sample tenant exists after the first start and the caller sees its own role', async () => {
    expect(await host.clientFor(controlRoutes, ann).whoAmI({})).toEqual({
      subject: 'ann',
      isAdministrator: false,
      tenants: [{ name: 'demo', displayName: 'Demo', role: 'editor' }]
    });
  });

  test('T01 another tenant answers exactly as a tenant that does not exist', async () => {
    const there = await host.request(eve, 'GET', '/api/control/v1/tenants/demo/quotas');
    const nowhere = await host.request(eve, 'GET', '/api/control/v1/tenants/nowhere/quotas');
    const bare = ({ body }: { body: unknown }): unknown => ({ ...(body as object), instance: '' });
    expect(there.status).toBe(404);
    expect(bare(there)).toEqual(bare(nowhere));
  });

  test('T03 unknown and server-owned fields are refused', async () => {
    const answer = await host.request(ann, 'POST', '/api/control/v1/tenants/demo/access-keys', { name: 'k', scopes: ['job:read'], tenant: 'other', role: 'admin' });
    expect(answer.status).toBe(400);
  });

  test('a viewer cannot make keys, and the refusal is in the audit log', async () => {
    const answer = await host.request(vic, 'POST', '/api/control/v1/tenants/demo/access-keys', { name: 'k', scopes: ['job:read'] });
    expect(answer.status).toBe(403);
    const { items } = await host
      .clientFor(controlRoutes, testActor({ subject: 'adm', tenants: { demo: 'admin' } }))
      .listAudit({ params: { tenant: 'demo' }, query: { decision: 'denied' } });
    expect(items[0]).toMatchObject({ subject: 'vic', action: 'access-key.create', decision: 'denied', reason: 'forbidden' });
  });

  test('a key never carries more than its creator holds', async () => {
    const answer = await host.request(ann, 'POST', '/api/control/v1/tenants/demo/access-keys', { name: 'k', scopes: ['member:write'] });
    expect(answer.status).toBe(403);
  });

  test('the same idempotency key answers the same result, another body is refused', async () => {
    const headers = { 'idempotency-key': 'once' };
    const path = '/api/control/v1/tenants/demo/access-keys';
    const first = await host.request(ann, 'POST', path, { name: 'k', scopes: ['job:read'] }, headers);
    const again = await host.request(ann, 'POST', path, { name: 'k', scopes: ['job:read'] }, headers);
    expect(first.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect((await host.request(ann, 'POST', path, { name: 'other', scopes: ['job:read'] }, headers)).status).toBe(422);
  });

  test('T72 fifty concurrent reservations of the last GPU admit exactly as many as there are', async () => {
    const client = host.clientFor(controlRoutes, administrator);
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_unused, index) =>
        client.reserveQuota({ params: { tenant: 'demo' }, body: { objectUrn: `urn:strata:demo:job:race${index}`, amounts: { gpu: 1 } } })
      )
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    const gpu = (await client.getQuotas({ params: { tenant: 'demo' } }).catch(() => host.clientFor(controlRoutes, vic).getQuotas({ params: { tenant: 'demo' } }))).items.find(
      ({ resource }) => resource === 'gpu'
    );
    expect(gpu).toMatchObject({ limit: 2, reserved: 2, used: 0 });
  });

  test('the audit chain is intact, and a changed row is found', async () => {
    const admin = host.clientFor(controlRoutes, testActor({ subject: 'adm', tenants: { demo: 'admin' } }));
    expect(await admin.verifyAudit({ params: { tenant: 'demo' } })).toMatchObject({ isIntact: true, brokenAt: null });
    await host.database.asSystem('tamper', tx => tx.updateTable('kernel.audit').set({ subject: 'nobody' }).where('tenant', '=', 'demo').where('subject', '=', 'vic').execute());
    expect(await admin.verifyAudit({ params: { tenant: 'demo' } })).toMatchObject({ isIntact: false });
  });
});
