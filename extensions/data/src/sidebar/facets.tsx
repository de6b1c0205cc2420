import type { TranslationBundle } from '@jupyterlab/translation';
import type { DatasetFacets } from '@stratalab/contracts/catalog';
import { formatAmount, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { toggled, type DatasetFilter, type FacetName } from './dataset-filter';

export interface FacetsProps {
  readonly facets: DatasetFacets | undefined;
  readonly filter: DatasetFilter;
  readonly onFilter: (filter: DatasetFilter) => void;
}

/** What the found datasets have in common, with counts; a click narrows the list, a second one widens it again. */
export function Facets({ facets, filter, onFilter }: FacetsProps): React.JSX.Element {
  const texts = useTexts();
  const groups: readonly (readonly [FacetName, string, DatasetFacets['tags']])[] = [
    ['format', texts.__('Format'), facets?.formats ?? []],
    ['tag', texts.__('Tag'), facets?.tags ?? []],
    ['owner', texts.__('Owner'), facets?.owners ?? []],
    ['contract', texts.__('Contract'), facets?.contracts ?? []]
  ];
  return (
    <div className="jp-Strata-facets">
      {groups.map(([name, title, values]) => {
        const chosen = filter[name];
        const shown = chosen !== undefined && !values.some(({ value }) => value === chosen) ? [{ value: chosen, count: 0 }, ...values] : values;
        return shown.length === 0 ? null : (
          <div key={name} role="group" aria-label={title}>
            <span className="jp-Strata-caption">{title}</span>
            {shown.map(({ value, count }) => (
              <button key={value} aria-pressed={chosen === value} className="jp-Strata-facet" onClick={() => onFilter(toggled(filter, name, value))}>
                {name === 'contract' ? contractWord(value, texts) : value} <span className="jp-Strata-caption">{formatAmount(count)}</span>
              </button>
            ))}
          </div>
        );
      })}
    </div>
  );
}

/** State of a contract in words. */
export function contractWord(state: string, texts: TranslationBundle): string {
  switch (state) {
    case 'passed':
      return texts.__('kept');
    case 'failed':
      return texts.__('broken');
    case 'pending':
      return texts.__('being checked');
    default:
      return texts.__('no contract');
  }
}
