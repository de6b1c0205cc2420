import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { catalogRoutes, type ResolvedMount } from '@stratalab/contracts/catalog';
import { serviceActor, type QueryTable, type ServiceContext } from '@stratalab/kernel';
import type { PipelinesPorts } from '../ports.ts';

export interface WantedDataset {
  readonly name: string;
  /** Table name in SQL. */
  readonly as: string;
  readonly version: string | null;
}

export interface DatasetTable {
  readonly table: QueryTable;
  readonly urn: string;
}

/** For whom datasets are looked up. */
export interface Reader {
  readonly tenant: string;
  readonly subject: string;
  readonly signal: AbortSignal;
}

/**
 * Files of catalogued datasets as tables.
 * @throws invalid-input naming every dataset that is not there or has nothing published yet
 */
export async function readDatasetTables(context: ServiceContext<PipelinesPorts>, reader: Reader, wanted: readonly WantedDataset[]): Promise<readonly DatasetTable[]> {
  const found = await Promise.all(wanted.map(dataset => findDatasetTable(context, reader, dataset)));
  const missing = found.flatMap(item => (item instanceof Problem ? [item] : []));
  const [first] = missing;
  if (first === undefined) return found.flatMap(item => (item instanceof Problem ? [] : [item]));
  throw new Problem('invalid-input', {
    detail: missing.map(({ message }) => message).join(' '),
    hint: 'Check the names of the datasets; a name with dots or dashes needs double quotes.',
    errors: missing.flatMap(({ details }) => details.errors ?? [])
  });
}

/** One dataset as a table, or what is wrong with it. @throws whatever else the catalog says */
export async function findDatasetTable(context: ServiceContext<PipelinesPorts>, reader: Reader, wanted: WantedDataset): Promise<DatasetTable | Problem> {
  const catalog = context.clientFor(catalogRoutes, serviceActor('pipelines', reader.tenant, reader.subject));
  const dataset = { name: wanted.name, ...(wanted.version === null ? {} : { version: wanted.version }) };
  const spelled = wanted.version === null ? wanted.name : `${wanted.name}@${wanted.version}`;
  const unknown = (message: string): Problem => new Problem('invalid-input', { detail: message, errors: [{ path: `dataset:${wanted.name}`, message }] });
  if (!isDatasetName(wanted.name)) return unknown(`There is no dataset '${wanted.name}'.`);
  try {
    const { items } = await catalog.resolveMounts({ params: { tenant: reader.tenant }, body: { datasets: [dataset] } }, { signal: reader.signal });
    const mount = items[0];
    return mount === undefined ? unknown(`There is no dataset '${spelled}'.`) : { table: tableOf(mount, wanted.as), urn: mount.urn };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'not-found' || error.code === 'invalid-request') return unknown(`There is no dataset '${spelled}'.`);
    if (error.code === 'invalid-state') return unknown(error.details.detail ?? `The dataset '${spelled}' has no published version yet.`);
    throw error;
  }
}

/** What SQL calls a table may be any text. */
function isDatasetName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name);
}

function tableOf(mount: ResolvedMount, as: string): QueryTable {
  return { name: as, format: mount.format, files: mount.files.map(({ name }) => join(mount.path, name)) };
}
