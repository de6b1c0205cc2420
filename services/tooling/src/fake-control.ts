import type { Role } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';
import type { ControlPorts } from '@stratalab/control';
import { testActor, type TestHost } from './test-host.ts';

/** Ports of `control` with people in memory instead of a Hub, on a machine with 4 cores, 8 GiB and 2 GPUs. */
export function fakeControlPorts(): ControlPorts {
  const members = new Map<string, Map<string, Role>>();
  const of = (tenant: string): Map<string, Role> => {
    const known = members.get(tenant) ?? new Map<string, Role>();
    members.set(tenant, known);
    return known;
  };
  return {
    machine: { cpuCount: 4, memoryMiB: 8192, gpuCount: 2 },
    firstAdministrator: 'admin',
    people: {
      setRole: async (tenant, user, role) => void of(tenant).set(user, role),
      removeFromTenant: async (tenant, user) => void of(tenant).delete(user),
      members: async tenant => [...of(tenant)].map(([user, role]) => ({ user, role })),
      invite: async user => ({ url: `/hub/welcome#${user}`, expires: '2030-01-01T00:00:00.000Z' }),
      createTenant: async tenant => void of(tenant),
      removeTenant: async tenant => void members.delete(tenant)
    }
  };
}

export const administrator = testActor({ subject: 'root', isAdministrator: true });

/** Creates a tenant through the API; needs `control` in the host. `demo` exists already (the sample tenant). */
export async function createTenant(host: TestHost, name: string): Promise<void> {
  if (name !== 'demo') await host.clientFor(controlRoutes, administrator).createTenant({ body: { name, displayName: name } });
}
