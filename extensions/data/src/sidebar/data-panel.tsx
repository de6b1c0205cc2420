import type { DatasetSummary } from '@stratalab/contracts/catalog';
import { EmptyState, formatAmount, usePages, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { dataCommands } from '../commands/command-ids';
import { useCatalog } from '../data-context';
import { DatasetList } from './dataset-list';
import { hasFacets, noFilter, queryOf, type DatasetFilter } from './dataset-filter';
import { Facets } from './facets';
import { UploadList } from './upload-list';

const settleMs = 200;
const pageSize = 100;
const refreshOn = ['dataset.'] as const;

export interface DataPanelProps {
  /** Text to search for, given by the command that opened the panel; a new object searches again. */
  readonly asked: { readonly search: string } | undefined;
}

/** The sidebar "Data": one box for names, columns, tags, owners and descriptions, facets, and the list. */
export function DataPanel({ asked }: DataPanelProps): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const catalog = useCatalog();
  const [text, setText] = React.useState(asked?.search ?? '');
  const [filter, setFilter] = React.useState<DatasetFilter>({ search: asked?.search ?? '' });
  React.useEffect(() => {
    if (asked === undefined) return;
    setText(asked.search);
    setFilter({ search: asked.search });
  }, [asked]);
  React.useEffect(() => {
    const timer = setTimeout(() => setFilter(before => (before.search === text ? before : { ...before, search: text })), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  const query = queryOf(filter);
  const key = JSON.stringify(query);
  const pages = usePages<DatasetSummary>(
    `datasets ${key}`,
    ({ tenant, cursor, signal }) => catalog.listDatasets({ params: { tenant }, query: { ...query, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) } }, { signal }),
    refreshOn
  );
  const facets = useQuery(`facets ${key}`, (tenant, signal) => catalog.getDatasetFacets({ params: { tenant }, query }, { signal }), { refreshOn });
  const isNarrowed = hasFacets(filter) || filter.search.trim() !== '';
  const total = facets.data?.total;
  return (
    <div className="jp-Strata-dataPanel">
      <div className="jp-Strata-dataHead">
        <div className="jp-Strata-row">
          <h2>{texts.__('Data')}</h2>
          <span className="jp-Strata-spring" />
          <button
            className="jp-mod-styled jp-mod-minimal"
            onClick={() => void commands.execute(dataCommands.registerFolder)}
            title={texts.__('Publish a folder of your workspace as a dataset')}
          >
            {texts.__('Folder…')}
          </button>
          <button className="jp-mod-styled jp-mod-accept" onClick={() => void commands.execute(dataCommands.upload)}>
            {texts.__('Upload')}
          </button>
        </div>
        <input
          className="jp-mod-styled"
          type="search"
          value={text}
          aria-label={texts.__('Search datasets, columns, tags and owners')}
          placeholder={texts.__('Search datasets, columns, tags…')}
          onChange={event => setText(event.target.value)}
        />
        <details className="jp-Strata-facetBox" open={hasFacets(filter) || undefined}>
          <summary>
            {texts.__('Filters')}
            {total !== undefined && <span className="jp-Strata-caption"> {texts._n('%2 dataset', '%2 datasets', total, formatAmount(total))}</span>}
          </summary>
          <Facets facets={facets.data} filter={filter} onFilter={setFilter} />
        </details>
      </div>
      <UploadList />
      <DatasetList
        pages={pages}
        empty={
          isNarrowed ? (
            <EmptyState
              text={texts.__('Nothing matches.')}
              action={{
                label: texts.__('Show all datasets'),
                onClick: () => {
                  setText('');
                  setFilter(noFilter);
                }
              }}
            />
          ) : (
            <EmptyState
              text={texts.__('Datasets are immutable, versioned tables everybody in your tenant can find and mount. Begin with a CSV, TSV, JSON lines or Parquet file.')}
              action={{ label: texts.__('Upload a file'), onClick: () => void commands.execute(dataCommands.upload) }}
            />
          )
        }
      />
    </div>
  );
}
