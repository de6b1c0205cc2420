import type { DatasetFormat } from '@stratalab/contracts/catalog';
import { datasetFormats } from '@stratalab/contracts/catalog';

/** What the list is narrowed to; facets and list always use the same. */
export interface DatasetFilter {
  readonly search: string;
  readonly format?: string;
  readonly owner?: string;
  readonly tag?: string;
  readonly contract?: string;
}

export type FacetName = 'format' | 'owner' | 'tag' | 'contract';
export const noFilter: DatasetFilter = { search: '' };

/** The filter with a facet value set, or taken away when it was set already. */
export function toggled(filter: DatasetFilter, facet: FacetName, value: string): DatasetFilter {
  const { [facet]: current, ...rest } = filter;
  return current === value ? rest : { ...rest, [facet]: value };
}

export function hasFacets(filter: DatasetFilter): boolean {
  return filter.format !== undefined || filter.owner !== undefined || filter.tag !== undefined || filter.contract !== undefined;
}

type Contract = 'none' | 'pending' | 'passed' | 'failed';

/** The filter as the service takes it. */
export function queryOf(filter: DatasetFilter): { search?: string; format?: DatasetFormat; owner?: string; tag?: string; contract?: Contract } {
  const { search, owner, tag } = filter;
  const format = datasetFormats.find(candidate => candidate === filter.format);
  const contract = (['none', 'pending', 'passed', 'failed'] as const).find(candidate => candidate === filter.contract);
  return {
    ...(search.trim() === '' ? {} : { search: search.trim() }),
    ...(owner === undefined ? {} : { owner }),
    ...(tag === undefined ? {} : { tag }),
    ...(format === undefined ? {} : { format }),
    ...(contract === undefined ? {} : { contract })
  };
}
