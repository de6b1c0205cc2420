import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders `<data>/tenants/<tenant>/staging/<id>`: on the file system of the published objects, so that publishing is a rename. */
export function createStaging(dataFolder: string): { folderOf(tenant: string, stagingId: string): string; remove(tenant: string, stagingId: string): Promise<void> } {
  const folderOf = (tenant: string, stagingId: string): string => {
    if (!/^[a-z0-9-]{1,63}$/.test(tenant) || !/^[a-z0-9]{1,64}$/.test(stagingId)) throw new Error('Tenants and staging folders have plain names.');
    return join(dataFolder, 'tenants', tenant, 'staging', stagingId);
  };
  return { folderOf, remove: (tenant, stagingId) => rm(folderOf(tenant, stagingId), { recursive: true, force: true }) };
}
