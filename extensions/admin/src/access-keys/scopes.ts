import { administratorPermissions, permissions, permissionTable, roles, type Permission } from '@stratalab/contracts';
import type { WhoAmI } from '@stratalab/contracts/control';

/** What a person holds in a tenant, and so may give to a key. */
export function grantableScopes(who: WhoAmI, tenant: string): readonly Permission[] {
  const role = who.tenants.find(({ name }) => name === tenant)?.role;
  const rank = role === undefined ? -1 : roles.indexOf(role);
  return permissions.filter(permission => {
    const weakest = permissionTable[permission];
    if (weakest === 'platform') return false;
    return rank >= roles.indexOf(weakest) || (who.isAdministrator && administratorPermissions.includes(permission));
  });
}

/** Usual sets of scopes; each holds only what its user needs. */
export const presets = {
  'call-endpoints': ['endpoint:invoke', 'endpoint:read'],
  'ask-agents': ['agent:ask', 'collection:read', 'endpoint:invoke'],
  track: ['run:read', 'run:write', 'model:read', 'model:write'],
  'run-jobs': ['job:read', 'job:write', 'dataset:read', 'dataset:write', 'model:read']
} as const satisfies Record<string, readonly Permission[]>;
export type Preset = keyof typeof presets;

export const presetNames: readonly Preset[] = ['call-endpoints', 'ask-agents', 'track', 'run-jobs'];
