import type { Profile } from '@stratalab/contracts/control';
import type { Tx } from '@stratalab/kernel';
import { tables } from './tables.ts';

/** Workspace profiles, the default one first. */
export async function readProfiles(tx: Tx): Promise<Profile[]> {
  const rows = await tables(tx).selectFrom('control.profile').selectAll().orderBy('is_default', 'desc').orderBy('rank').execute();
  return rows.map(row => ({
    name: row.name,
    displayName: row.display_name,
    description: row.description,
    cpu: row.cpu,
    memoryMiB: row.memory_mib,
    gpuCount: row.gpu_count,
    isDefault: row.is_default
  }));
}
