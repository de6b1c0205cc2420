import { isRole, roles, type Role } from '@stratalab/contracts';

const tenantPattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Hub groups are named `<tenant>:<role>`; other groups mean nothing to us. The strongest role of each tenant counts. */
export function readGroups(groups: readonly string[]): Record<string, Role> {
  const tenants: Record<string, Role> = {};
  for (const group of groups) {
    const [tenant, role, ...rest] = group.split(':');
    if (tenant === undefined || role === undefined || rest.length > 0 || !tenantPattern.test(tenant) || !isRole(role)) continue;
    const known = tenants[tenant];
    if (known === undefined || roles.indexOf(role) > roles.indexOf(known)) tenants[tenant] = role;
  }
  return tenants;
}

/** Name of the Hub group that carries a role of a tenant. */
export function groupName(tenant: string, role: Role): string {
  return `${tenant}:${role}`;
}
