import type { DiffLine, Pipeline, PipelineVersionSummary } from '@stratalab/contracts/pipelines';
import { QueryNotice, TimeAgo, usePages, useQuery, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { usePipelines } from './use-pipelines';

export interface VersionsTabProps {
  readonly pipeline: Pipeline;
  readonly tenant: string;
  /** Puts the text of an old version into the editor. */
  readonly onRestore: (document: string) => void;
}

/** Every version of the document, and what one changed against another. */
export function VersionsTab({ pipeline, tenant, onRestore }: VersionsTabProps): React.JSX.Element {
  const texts = useTexts();
  const client = usePipelines();
  const params = { tenant, pipeline: pipeline.name };
  const versions = usePages<PipelineVersionSummary>(
    `pipeline-versions ${tenant} ${pipeline.name}`,
    ({ cursor, signal }) => client.listPipelineVersions({ params, query: cursor === undefined ? {} : { cursor } }, { signal }),
    ['pipeline.']
  );
  const [chosen, setChosen] = React.useState<number>();
  const to = chosen ?? pipeline.version;
  const [against, setAgainst] = React.useState<number>();
  const from = against ?? Math.max(1, to - 1);
  const restore = async (): Promise<void> => onRestore((await client.getPipelineVersion({ params: { ...params, version: to } })).document);
  return (
    <div className="jp-Strata-versions">
      <ol className="jp-Strata-plainList" aria-label={texts.__('Versions')}>
        {versions.rows.map(({ version, createdBy, createdAt, note }) => (
          <li key={version}>
            <button
              className="jp-Strata-part"
              aria-current={version === to}
              onClick={() => {
                setChosen(version);
                setAgainst(undefined);
              }}
            >
              <span>{texts.__('Version %1', version)}</span>
              <span className="jp-Strata-caption">
                {createdBy} · <TimeAgo time={createdAt} />
              </span>
              {note !== null && <span className="jp-Strata-caption">{note}</span>}
            </button>
          </li>
        ))}
        {versions.hasMore && (
          <li>
            <button className="jp-Strata-link" onClick={versions.loadMore}>
              {texts.__('Show older versions')}
            </button>
          </li>
        )}
      </ol>
      <section>
        <div className="jp-Strata-row">
          <label className="jp-Strata-toggle">
            {texts.__('Version %1 against', to)}
            <select className="jp-mod-styled" value={from} onChange={event => setAgainst(Number(event.target.value))}>
              {versions.rows.map(({ version }) => (
                <option key={version} value={version}>
                  {texts.__('version %1', version)}
                </option>
              ))}
            </select>
          </label>
          <span className="jp-Strata-spring" />
          {to !== pipeline.version && (
            <button className="jp-mod-styled" onClick={() => void restore()}>
              {texts.__('Edit this version')}
            </button>
          )}
        </div>
        {from === to ? (
          <p className="jp-Strata-caption">{texts.__('There is no other version to compare with.')}</p>
        ) : (
          <Comparison tenant={tenant} name={pipeline.name} from={from} to={to} />
        )}
      </section>
    </div>
  );
}

function Comparison({ tenant, name, from, to }: { readonly tenant: string; readonly name: string; readonly from: number; readonly to: number }): React.JSX.Element {
  const client = usePipelines();
  const compared = useQuery(`pipeline-comparison ${tenant} ${name} ${from} ${to}`, (_chosen, signal) =>
    client.comparePipelineVersions({ params: { tenant, pipeline: name }, query: { from, to } }, { signal })
  );
  if (compared.data === undefined) return <QueryNotice query={compared} />;
  return <DiffView lines={compared.data.lines} />;
}

const marks = { same: ' ', added: '+', removed: '−' } as const;

/** Lines of two texts; a sign and a word say what a colour shows. */
export function DiffView({ lines }: { readonly lines: readonly DiffLine[] }): React.JSX.Element {
  const texts = useTexts();
  const added = lines.filter(({ kind }) => kind === 'added').length;
  const removed = lines.filter(({ kind }) => kind === 'removed').length;
  return (
    <>
      <p className="jp-Strata-caption">{added + removed === 0 ? texts.__('The texts are the same.') : texts.__('%1 lines added, %2 removed', added, removed)}</p>
      <div className="jp-Strata-diff" role="table" aria-label={texts.__('Differences')}>
        {lines.map((line, index) => (
          <div key={index} role="row" className={`jp-mod-${line.kind}`}>
            <span role="cell" className="jp-Strata-lineNumber">
              {line.fromLine ?? ''}
            </span>
            <span role="cell" className="jp-Strata-lineNumber">
              {line.toLine ?? ''}
            </span>
            <span role="cell" aria-label={line.kind === 'added' ? texts.__('added') : line.kind === 'removed' ? texts.__('removed') : texts.__('same')}>
              {marks[line.kind]}
            </span>
            <span role="cell">{line.text}</span>
          </div>
        ))}
      </div>
    </>
  );
}
