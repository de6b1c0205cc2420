import { administratorPermissions, permissionTable, Problem, roles, type Permission, type Role, type RouteAccess } from '@stratalab/contracts';

/** Who acts in one request or one background step. Built by an identity provider, never from request fields. */
export interface Actor {
  /** User name as the Hub knows it, or `service:<name>`. */
  readonly subject: string;
  readonly kind: 'user' | 'service';
  /** Role per tenant. */
  readonly tenants: Readonly<Record<string, Role>>;
  /** Administrator of the installation. */
  readonly isAdministrator: boolean;
  /** When present, the only permissions this credential carries, whatever the roles say. */
  readonly scopes?: readonly Permission[];
  /** How the caller proved who it is. */
  readonly via: 'hub' | 'access-key' | 'job-token' | 'internal';
  /** Id of the credential, for audit and usage; never the credential itself. */
  readonly credentialId?: string;
  /** The user a service acts for. */
  readonly onBehalfOf?: string;
  /** The job a job token was issued to. */
  readonly jobId?: string;
}

/** Whether a role of one tenant carries a permission; platform permissions never come from tenant roles. */
export function roleHolds(role: Role, permission: Permission): boolean {
  const weakest = permissionTable[permission];
  return weakest !== 'platform' && roles.indexOf(role) >= roles.indexOf(weakest);
}

/** The pure decision behind every route: may `actor` use `permission` in `tenant`? */
export function can(actor: Actor, permission: Permission, tenant: string | undefined): boolean {
  if (actor.scopes !== undefined && !actor.scopes.includes(permission)) return false;
  if (permissionTable[permission] === 'platform') return actor.isAdministrator;
  if (tenant === undefined) return false;
  if (actor.isAdministrator && administratorPermissions.includes(permission)) return true;
  const role = actor.tenants[tenant];
  return role !== undefined && roleHolds(role, permission);
}

/**
 * Refuses what `can` refuses.
 * @throws not-found when the caller is no member of the tenant (it must not learn that the tenant exists); forbidden when its role or key is too weak
 */
export function demand(actor: Actor, access: RouteAccess, tenant: string | undefined): void {
  if (access === 'anonymous' || access === 'signed-in') return;
  if (can(actor, access, tenant)) return;
  if (tenant !== undefined && permissionTable[access] !== 'platform' && actor.tenants[tenant] === undefined) throw new Problem('not-found');
  throw new Problem('forbidden', {
    detail: `This needs the permission '${access}'${tenant === undefined ? '' : ` in the tenant '${tenant}'`}.`,
    hint: permissionTable[access] === 'platform' ? 'Ask an administrator of this installation.' : `Ask an administrator of the tenant for the role '${permissionTable[access]}'.`
  });
}

/** The actor of a background step of a service that works for one tenant. */
export function serviceActor(service: string, tenant: string | undefined, onBehalfOf?: string): Actor {
  return {
    subject: `service:${service}`,
    kind: 'service',
    tenants: tenant === undefined ? {} : { [tenant]: 'admin' },
    isAdministrator: true,
    via: 'internal',
    ...(onBehalfOf === undefined ? {} : { onBehalfOf })
  };
}
