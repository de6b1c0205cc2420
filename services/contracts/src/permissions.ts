/** Roles of a member inside one tenant, weakest first. */
export const roles = ['viewer', 'editor', 'admin'] as const;
export type Role = (typeof roles)[number];

/**
 * The one permission table: the weakest tenant role that holds each permission.
 * `platform` permissions belong to administrators of the installation only, whatever their tenant roles.
 */
export const permissionTable = {
  'tenant:read': 'viewer',
  'tenant:administer': 'admin',
  'member:read': 'viewer',
  'member:write': 'admin',
  'quota:read': 'viewer',
  'quota:reserve': 'editor',
  'usage:read': 'viewer',
  'audit:read': 'admin',
  'access-key:read': 'editor',
  'access-key:write': 'editor',
  'event:read': 'viewer',
  'dataset:read': 'viewer',
  'dataset:write': 'editor',
  'dataset:delete': 'editor',
  'lineage:read': 'viewer',
  'lineage:write': 'editor',
  'job:read': 'viewer',
  'job:write': 'editor',
  'job:report': 'editor',
  'run:read': 'viewer',
  'run:write': 'editor',
  'model:read': 'viewer',
  'model:write': 'editor',
  'model:delete': 'editor',
  'endpoint:read': 'viewer',
  'endpoint:write': 'editor',
  'endpoint:invoke': 'viewer',
  'collection:read': 'viewer',
  'collection:write': 'editor',
  'agent:ask': 'viewer',
  'pipeline:read': 'viewer',
  'pipeline:write': 'editor',
  'platform:administer': 'platform',
  'platform:introspect': 'platform'
} as const satisfies Record<`${string}:${string}`, Role | 'platform'>;

export type Permission = keyof typeof permissionTable;
export const permissions: readonly Permission[] = Object.keys(permissionTable).filter(isPermission);

/**
 * What an administrator of the installation may do in every tenant, a member or not: people, limits, keys and books.
 * Never the objects of the tenant: to see those one must be made a member, which is in the audit log.
 */
export const administratorPermissions: readonly Permission[] = [
  'tenant:read',
  'tenant:administer',
  'member:read',
  'member:write',
  'quota:read',
  'usage:read',
  'audit:read',
  'access-key:read',
  'access-key:write'
];

export function isPermission(value: string): value is Permission {
  return Object.hasOwn(permissionTable, value);
}

export function isRole(value: string): value is Role {
  return value === 'viewer' || value === 'editor' || value === 'admin';
}
