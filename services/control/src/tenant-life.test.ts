import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { controlRoutes } from '@stratalab/contracts/control';
import { mountService, serviceActor, type PlaceDrift, type TenantLimits, type TenantPlaces } from '@stratalab/kernel';
import { administrator, createTenant, createTestHost, fakeControlPorts, testActor, waitFor, type TestHost } from '@stratalab/tooling';
import { createHash } from 'node:crypto';
import { control } from './index.ts';

/** The far side: what a cluster would be asked to do, and what it would answer. */
function scriptedPlaces() {
  const asked = new Map<string, TenantLimits>();
  const drift: PlaceDrift[] = [];
  const script: { problem?: Error; removals: string[] } = { removals: [] };
  /** Looks at the places of these tenants wait until the name is taken away again; `waiting` says which came. */
  const [held, waiting] = [new Set<string>(), new Set<string>()];
  const places: TenantPlaces = {
    longestName: 20,
    async ensure(tenant, limits) {
      if (script.problem !== undefined) throw script.problem;
      if (held.has(tenant)) {
        waiting.add(tenant);
        await waitFor(() => !held.has(tenant));
      }
      asked.set(tenant, limits);
      return drift.splice(0);
    },
    async remove(tenant) {
      script.removals.push(tenant);
      asked.delete(tenant);
      return script.removals.filter(name => name === tenant).length > 1;
    }
  };
  return { places, asked, drift, script, held, waiting };
}

describe('the life of a tenant', () => {
  const cluster = scriptedPlaces();
  const ports = { ...fakeControlPorts(), places: cluster.places };
  let host: TestHost;
  const root = () => host.clientFor(controlRoutes, administrator);
  const params = { tenant: 'lab' };

  beforeAll(async () => {
    host = await createTestHost({ services: [mountService(control, ports)], isBackgroundRunning: true, environment: { STRATALAB_PLACE_CHECK_SECONDS: '1' } });
    await createTenant(host, 'lab');
    await root().setMember({ params: { ...params, user: 'mia' }, body: { role: 'editor' } });
    await root().setMember({ params: { ...params, user: 'ada' }, body: { role: 'admin' } });
  });
  afterAll(() => host.close());

  test('its place follows the one number an administrator edits', async () => {
    await waitFor(() => cluster.asked.get('lab')?.gpu === 2);
    await root().setQuota({ params: { ...params, resource: 'gpu' }, body: { limit: 7 } });
    await waitFor(() => cluster.asked.get('lab')?.gpu === 7);
    await root().setQuota({ params: { ...params, resource: 'cpu' }, body: { limit: null } });
    await waitFor(() => cluster.asked.get('lab')?.cpu === null);
  });

  test('F27 what was put right in its place is in the books: an event, an audit row, and what administrators see', async () => {
    cluster.drift.push(
      { object: 'Queue tenant-lab', change: 'changed', fields: ['spec.capability.cpu'] },
      { object: 'NetworkPolicy tenant-lab/closed', change: 'missing', fields: [] },
      { object: 'RoleBinding tenant-lab/guest', change: 'foreign', fields: [] }
    );
    const ada = testActor({ subject: 'ada', tenants: { lab: 'admin' } });
    // Two tenants are looked after here: whichever look comes first takes the script.
    const seen = await waitFor(async () => {
      for (const tenant of ['lab', 'demo']) {
        const place = await root().getTenantPlace({ params: { tenant } });
        if (place.repairs.length > 0) return { tenant, place };
      }
      return undefined;
    });
    expect(seen.place).toMatchObject({ isOnCluster: true, problem: null, repairs: [{ object: 'Queue tenant-lab', fields: ['spec.capability.cpu'] }, { change: 'missing' }] });
    const audit = await root().listAudit({ params: { tenant: seen.tenant }, query: { action: 'tenant.place-repair' } });
    expect(audit.items[0]?.reason).toBe('Queue tenant-lab put back: spec.capability.cpu; NetworkPolicy tenant-lab/closed made again; RoleBinding tenant-lab/guest is not ours');
    expect((await root().verifyAudit({ params: { tenant: seen.tenant } })).isIntact).toBe(true);
    const viewer = testActor({ subject: 'vic', tenants: { lab: 'viewer' } });
    expect((await host.request(viewer, 'GET', '/api/control/v1/tenants/lab/place')).status).toBe(403);
    expect((await host.request(ada, 'GET', '/api/control/v1/tenants/lab/place')).status).toBe(200);
  });

  test('a place that cannot be made says why, until it can', async () => {
    cluster.script.problem = new Error('a bug');
    await waitFor(async () => (await root().getTenantPlace({ params })).problem !== null);
    expect((await root().getTenantPlace({ params })).problem).toContain('see the log');
    delete cluster.script.problem;
    await root().setQuota({ params: { ...params, resource: 'gpu' }, body: { limit: 3 } });
    await waitFor(async () => (await root().getTenantPlace({ params })).problem === null);
  });

  test('a name that no namespace can carry is refused', async () => {
    await expect(root().createTenant({ body: { name: 'a'.repeat(21), displayName: 'Long' } })).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('closing keeps everything: members and keys lose access, the place goes; opening gives it all back; deleting is a second step', async () => {
    const made = await host
      .clientFor(controlRoutes, testActor({ subject: 'mia', tenants: { lab: 'editor' } }))
      .createAccessKey({ params, body: { name: 'script', scopes: ['job:read'] } });
    const service = testActor({ subject: 'platform', kind: 'service', isAdministrator: true });
    const digest = createHash('sha256').update(made.secret).digest('hex');
    const isKeyAlive = async (): Promise<boolean> => (await host.clientFor(controlRoutes, service).introspectAccessKey({ body: { digest } })).active;
    expect(await isKeyAlive()).toBe(true);
    await expect(root().deleteTenant({ params, query: { confirm: 'lab' } })).rejects.toMatchObject({ code: 'invalid-state' });

    expect((await root().closeTenant({ params })).state).toBe('closed');
    expect(await isKeyAlive()).toBe(false);
    await waitFor(async () => (await ports.people.members('lab')).length === 0 && cluster.script.removals.filter(name => name === 'lab').length > 1);
    const compute = host.clientFor(controlRoutes, serviceActor('compute', 'lab', 'mia'));
    await expect(compute.reserveQuota({ params, body: { objectUrn: 'urn:strata:lab:job:x', amounts: { jobs: 1 } } })).rejects.toMatchObject({ code: 'invalid-state' });

    expect((await root().reopenTenant({ params })).state).toBe('active');
    await waitFor(async () => (await ports.people.members('lab')).length === 2 && cluster.asked.has('lab'));
    expect(await ports.people.members('lab')).toEqual(
      expect.arrayContaining([
        { user: 'mia', role: 'editor' },
        { user: 'ada', role: 'admin' }
      ])
    );
    expect(await isKeyAlive()).toBe(true);

    // A look at its place that takes until the tenant is gone.
    cluster.held.add('lab');
    await waitFor(() => cluster.waiting.has('lab'));
    await root().closeTenant({ params });
    const size = { displayName: 'Lab', description: '', cpu: 1, memoryMiB: 1024, gpuCount: 0, isDefault: false };
    await root().putProfile({ params: { profile: 'lab-only' }, body: { ...size, tenants: ['lab'] } });
    await expect(root().deleteTenant({ params, query: { confirm: 'other' } })).rejects.toMatchObject({ code: 'invalid-request' });
    await root().deleteTenant({ params, query: { confirm: 'lab' } });
    await expect(root().reopenTenant({ params })).rejects.toMatchObject({ code: expect.stringMatching(/invalid-state|not-found/) });
    await waitFor(async () => !(await root().listTenants({})).items.some(({ name }) => name === 'lab'));
    expect((await root().listProfiles({})).items.find(({ name }) => name === 'lab-only')?.tenants).toEqual([]);
    const removals = cluster.script.removals.length;
    cluster.held.delete('lab');
    await waitFor(() => cluster.script.removals.length > removals && !cluster.asked.has('lab'));
  });
});
