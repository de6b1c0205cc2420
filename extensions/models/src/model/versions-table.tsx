import type { ModelVersion } from '@stratalab/contracts/models';
import { formatBytes, StatusChip, TimeAgo, useTexts, type Pages } from '@stratalab/lab-kit';
import * as React from 'react';
import { formatWord, originWord } from '../words';

export interface VersionsTableProps {
  readonly versions: Pages<ModelVersion>;
  readonly chosen: number | undefined;
  readonly onChoose: (version: number) => void;
}

/** Every version of a model, newest first; the chosen one is shown below. */
export function VersionsTable({ versions, chosen, onChoose }: VersionsTableProps): React.JSX.Element {
  const texts = useTexts();
  return (
    <div className="jp-StrataModels-scroll" aria-busy={versions.isLoading}>
      <table className="jp-StrataModels-table" aria-label={texts.__('Versions')}>
        <thead>
          <tr>
            <th scope="col">{texts.__('Version')}</th>
            <th scope="col">{texts.__('Aliases')}</th>
            <th scope="col">{texts.__('State')}</th>
            <th scope="col">{texts.__('Format')}</th>
            <th scope="col" className="jp-mod-number">
              {texts.__('Size')}
            </th>
            <th scope="col">{texts.__('Made by')}</th>
            <th scope="col">{texts.__('When')}</th>
          </tr>
        </thead>
        <tbody>
          {versions.rows.map(version => (
            <tr key={version.version} aria-selected={version.version === chosen}>
              <th scope="row">
                <button className="jp-Strata-link" aria-current={version.version === chosen} onClick={() => onChoose(version.version)}>
                  {texts.__('Version %1', version.version)}
                </button>
              </th>
              <td>
                {version.aliases.map(alias => (
                  <span key={alias} className="jp-Strata-chip">
                    @{alias}
                  </span>
                ))}
              </td>
              <td>{version.isQuarantined ? <StatusChip tone="warn" label={texts.__('Quarantined')} /> : <StatusChip tone="good" label={texts.__('Ready')} />}</td>
              <td>{formatWord(version.format, texts)}</td>
              <td className="jp-mod-number">{formatBytes(version.sizeBytes)}</td>
              <td>{originWord(version.origin, texts)}</td>
              <td>
                <TimeAgo time={version.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {versions.hasMore && (
        <button className="jp-Strata-link" disabled={versions.isLoading} onClick={versions.loadMore}>
          {texts.__('Show older versions')}
        </button>
      )}
    </div>
  );
}
