import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';

const tenantPattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const idPattern = /^[0-9a-z]{26}$/;
const longestName = 1_000;

/** Folder layout of one data folder; every part is checked, so that no name leads out of its tenant. */
export interface Paths {
  staging(tenant: string, stagingId: string): string;
  object(tenant: string, key: string): string;
}

export function createPaths(dataFolder: string): Paths {
  const tenantFolder = (tenant: string): string => {
    if (!tenantPattern.test(tenant)) throw refuse('tenant');
    return join(dataFolder, 'tenants', tenant);
  };
  return {
    staging(tenant, stagingId) {
      if (!idPattern.test(stagingId)) throw refuse('staging id');
      return join(tenantFolder(tenant), 'staging', stagingId);
    },
    object: (tenant, key) => join(tenantFolder(tenant), 'objects', ...partsOf(key))
  };
}

/** The segments of a relative name. @throws invalid-request for anything that is not plainly relative */
export function partsOf(name: string): readonly string[] {
  const parts = name.split('/');
  const isPlain = name.length <= longestName && parts.every(part => part !== '' && part !== '.' && part !== '..' && part.length <= 255 && !hasControl(part));
  if (!isPlain) throw refuse('name');
  return parts;
}

function hasControl(text: string): boolean {
  for (const character of text) if (character < ' ' || character === '\\') return true;
  return false;
}

function refuse(what: string): Problem {
  return new Problem('invalid-request', { detail: `This ${what} cannot be stored.`, hint: 'Use plain file names without ‘..’ or a leading slash.' });
}
