import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { controlRoutes } from '@stratalab/contracts/control';
import { mountService } from '@stratalab/kernel';
import { administrator, createTenant, createTestHost, fakeControlPorts, testActor, type TestHost } from '@stratalab/tooling';
import { control } from './index.ts';

const day = (text: string): { from: string; to: string } => ({ from: `${text}T08:00:00.000Z`, to: `${text}T09:00:00.000Z` });

describe('administration', () => {
  let host: TestHost;
  const root = () => host.clientFor(controlRoutes, administrator);
  beforeAll(async () => {
    host = await createTestHost({ services: [mountService(control, fakeControlPorts())] });
    await createTenant(host, 'lab');
  });
  afterAll(() => host.close());

  test('an administrator of the installation invites into a tenant without being its member', async () => {
    const params = { tenant: 'lab' };
    const change = await root().setMember({ params: { ...params, user: 'mia' }, body: { role: 'editor' } });
    expect(change.member).toEqual({ user: 'mia', role: 'editor' });
    expect(change.invitation?.url).toContain('mia');
    expect((await root().listMembers({ params })).items).toEqual([{ user: 'mia', role: 'editor' }]);
    expect((await root().getQuotas({ params })).items).toHaveLength(7);
    const { items } = await root().listAudit({ params });
    expect(items[0]).toMatchObject({ action: 'member.set', subject: 'root', decision: 'allowed' });
  });

  test('it cannot give a key what it does not hold in the tenant itself', async () => {
    const answer = await host.request(administrator, 'POST', '/api/control/v1/tenants/lab/access-keys', { name: 'k', scopes: ['dataset:read'] });
    expect(answer.status).toBe(403);
  });

  test('what happens outside every tenant is in the audit of the installation, for its administrators only', async () => {
    const { items } = await root().listInstallationAudit({ query: { action: 'tenant.create' } });
    expect(items[0]).toMatchObject({ action: 'tenant.create', target: 'urn:strata:lab:tenant:lab' });
    const tenantAdmin = testActor({ subject: 'ada', tenants: { lab: 'admin' } });
    expect((await host.request(tenantAdmin, 'GET', '/api/control/v1/audit')).status).toBe(403);
  });

  test('J7 a workspace that a quota refused is in the books of the tenant whose quota it was, with who wanted it', async () => {
    const params = { tenant: 'lab' };
    await root().setQuota({ params: { ...params, resource: 'workspaces' }, body: { limit: 0 } });
    const admission = { subject: 'mia', server: '', groups: ['lab:editor'] };
    const service = testActor({ subject: 'service:hub', kind: 'service', isAdministrator: true });
    const answer = await host.request(service, 'POST', '/api/control/v1/admissions', admission);
    expect(answer).toMatchObject({ status: 409, body: { code: 'quota-exceeded', resource: 'workspaces', limit: 0, used: 0, requested: 1 } });
    const { items } = await root().listAudit({ params, query: { decision: 'denied' } });
    expect(items[0]).toMatchObject({ onBehalfOf: 'mia', action: 'workspace.admit', reason: 'quota-exceeded', target: 'urn:strata:lab:workspace:mia' });
    expect(await root().verifyAudit({ params })).toMatchObject({ isIntact: true });
    await root().setQuota({ params: { ...params, resource: 'workspaces' }, body: { limit: 2 } });
    expect((await host.request(service, 'POST', '/api/control/v1/admissions', admission)).status).toBe(200);
  });

  test('use is summed by day, person and object within the range that was asked for', async () => {
    const params = { tenant: 'lab' };
    const entry = (intervalId: string, subject: string, date: string, amount: number) => ({
      intervalId,
      subject,
      amount,
      meter: 'cpu-seconds' as const,
      objectUrn: `urn:strata:lab:job:${intervalId}`,
      ...day(date)
    });
    const entries = [entry('a', 'mia', '2026-01-01', 10), entry('b', 'mia', '2026-01-02', 20), entry('c', 'tom', '2026-01-02', 5)];
    await root().recordUsage({ params, body: { entries } });
    await root().recordUsage({ params, body: { entries } });
    const sums = async (by: 'day' | 'subject' | 'object', from?: string) =>
      (await root().summarizeUsage({ params, query: { by, ...(from === undefined ? {} : { from }) } })).items.map(({ key, amount }) => [key, amount]);
    expect(await sums('day')).toEqual([
      ['2026-01-02', 25],
      ['2026-01-01', 10]
    ]);
    expect(await sums('subject')).toEqual([
      ['mia', 30],
      ['tom', 5]
    ]);
    expect(await sums('object', '2026-01-02')).toEqual([
      ['urn:strata:lab:job:b', 20],
      ['urn:strata:lab:job:c', 5]
    ]);
  });
});
