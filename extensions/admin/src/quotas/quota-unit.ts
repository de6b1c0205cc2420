import type { Quota } from '@stratalab/contracts/control';

const mebibytesPerGibibyte = 1024;

/** How a limit is typed: memory and storage in GiB when that is a whole number, everything else in its own unit. */
export interface EditUnit {
  readonly unit: string;
  /** Units of the quota in one of these. */
  readonly factor: number;
}

/** The unit a person thinks in for this quota. */
export function editUnit({ resource, unit, limit }: Pick<Quota, 'resource' | 'unit' | 'limit'>): EditUnit {
  const isSize = resource === 'memory-mib' || resource === 'storage-mib';
  return isSize && (limit === null || (limit > 0 && limit % mebibytesPerGibibyte === 0)) ? { unit: 'GiB', factor: mebibytesPerGibibyte } : { unit, factor: 1 };
}

/** The limit a person typed, in the quota's own unit; undefined for what is no number of at least zero, or no whole number where only whole things are counted. */
export function parseLimit(text: string, quota: Pick<Quota, 'resource'>, { factor }: EditUnit): number | undefined {
  if (!/^\d+(?:[.,]\d+)?$/.test(text.trim())) return undefined;
  const limit = Number(text.trim().replace(',', '.')) * factor;
  if (quota.resource === 'cpu') return limit;
  return factor === 1 && !Number.isInteger(limit) ? undefined : Math.round(limit);
}
