import type { WhoAmI } from '@stratalab/contracts/control';
import type { Call } from '@stratalab/kernel';
import { findTenants } from '../store/tenant-store.ts';

/** The caller with the tenants that exist here and its role in each, by name. */
export async function whoAmI(call: Call): Promise<WhoAmI> {
  const { actor } = call;
  const known = await call.read(tx => findTenants(tx, Object.keys(actor.tenants)));
  const tenants = known.flatMap(tenant => {
    const role = actor.tenants[tenant.name];
    return role === undefined ? [] : [{ name: tenant.name, displayName: tenant.displayName, role }];
  });
  return { subject: actor.subject, isAdministrator: actor.isAdministrator, tenants };
}
