import type { WhoAmI } from '@stratalab/contracts/control';

/** May this person administer anything at all: the installation, or a tenant? */
export function isAdministrating(who: WhoAmI): boolean {
  return who.isAdministrator || who.tenants.some(tenant => tenant.role === 'admin');
}
