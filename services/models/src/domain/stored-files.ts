import { formatUrn } from '@stratalab/contracts';

/** Key of one file that an MLflow client sent. */
export const runFileKey = (objectId: string): string => `models/run-files/${objectId}`;
/** Key of the files of one version. */
export const versionKey = (objectId: string): string => `models/versions/${objectId}`;

/**
 * What the bytes below a key are counted under: they exist before they belong to a run or a version, and a while longer. `undefined` for a
 * key that is not counted on its own.
 */
export function storageUrn(tenant: string, key: string): string | undefined {
  const [, folder, id] = /^models\/(run-files|versions)\/([0-9a-z]{26})$/.exec(key) ?? [];
  if (id === undefined) return undefined;
  return formatUrn({ tenant, kind: folder === 'versions' ? 'model' : 'run', name: 'files', version: id });
}
