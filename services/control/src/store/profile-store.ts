import type { Profile } from '@stratalab/contracts/control';
import type { Tx } from '@stratalab/kernel';
import { tables, type ControlTables } from './tables.ts';
import type { Selectable } from 'kysely';

/** Workspace profiles, the default one first. */
export async function readProfiles(tx: Tx): Promise<Profile[]> {
  return (await tables(tx).selectFrom('control.profile').selectAll().orderBy('is_default', 'desc').orderBy('rank').execute()).map(profileOf);
}

/** Adds the profile after the others, or replaces the one of its name in its place; the new default takes that from the old one. */
export async function saveProfile(tx: Tx, profile: Profile): Promise<void> {
  if (profile.isDefault) await tables(tx).updateTable('control.profile').set({ is_default: false }).where('name', '<>', profile.name).execute();
  const values = {
    display_name: profile.displayName,
    description: profile.description,
    cpu: profile.cpu,
    memory_mib: profile.memoryMiB,
    gpu_count: profile.gpuCount,
    is_default: profile.isDefault,
    tenants: profile.tenants === null ? null : JSON.stringify(profile.tenants),
    gpu_resource: profile.gpuResource,
    node_selector: JSON.stringify(profile.nodeSelector),
    tolerations: JSON.stringify(profile.tolerations),
    images: JSON.stringify(profile.images)
  };
  const last = await tables(tx)
    .selectFrom('control.profile')
    .select(({ fn }) => fn.max('rank').as('rank'))
    .executeTakeFirst();
  await tables(tx)
    .insertInto('control.profile')
    .values({ name: profile.name, rank: (last?.rank ?? 0) + 1, ...values })
    .onConflict(conflict => conflict.column('name').doUpdateSet(values))
    .execute();
}

export async function dropProfile(tx: Tx, name: string): Promise<void> {
  await tables(tx).deleteFrom('control.profile').where('name', '=', name).execute();
}

/** A tenant of that name that comes later is another one. A profile that was for this tenant alone is then for nobody, never for everybody. */
export async function forgetProfileTenant(tx: Tx, tenant: string): Promise<void> {
  const rows = await tables(tx).selectFrom('control.profile').select(['name', 'tenants']).where('tenants', 'is not', null).execute();
  for (const { name, tenants } of rows) {
    if (tenants?.includes(tenant) !== true) continue;
    const left = tenants.filter(other => other !== tenant);
    await tables(tx)
      .updateTable('control.profile')
      .set({ tenants: JSON.stringify(left) })
      .where('name', '=', name)
      .execute();
  }
}

function profileOf(row: Selectable<ControlTables['control.profile']>): Profile {
  return {
    name: row.name,
    displayName: row.display_name,
    description: row.description,
    cpu: row.cpu,
    memoryMiB: row.memory_mib,
    gpuCount: row.gpu_count,
    isDefault: row.is_default,
    tenants: row.tenants,
    gpuResource: row.gpu_resource,
    nodeSelector: row.node_selector,
    tolerations: row.tolerations,
    images: row.images
  };
}
