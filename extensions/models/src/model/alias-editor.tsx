import type { ModelVersion } from '@stratalab/contracts/models';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useModels } from '../use-models';

export interface AliasEditorProps {
  readonly version: ModelVersion;
  readonly tenant: string;
  /** Runs a change and shows its problem. */
  readonly onChange: (work: () => Promise<unknown>) => void;
}

/** Aliases of a version: add one (it moves here from another version) or take one away. */
export function AliasEditor({ version, tenant, onChange }: AliasEditorProps): React.JSX.Element {
  const texts = useTexts();
  const client = useModels();
  const [name, setName] = React.useState('');
  const params = (alias: string) => ({ tenant, model: version.model, alias });
  const add = (): void => {
    const alias = name.trim();
    if (alias === '') return;
    setName('');
    onChange(() => client.setAlias({ params: params(alias), body: { version: version.version } }));
  };
  return (
    <div className="jp-Strata-row">
      {version.aliases.map(alias => (
        <span key={alias} className="jp-Strata-chip">
          @{alias}
          <button
            className="jp-Strata-quiet"
            aria-label={texts.__('Remove the alias %1', alias)}
            title={texts.__('Remove the alias %1', alias)}
            onClick={() => onChange(() => client.deleteAlias({ params: params(alias) }))}
          >
            ×
          </button>
        </span>
      ))}
      <form
        className="jp-Strata-row"
        onSubmit={event => {
          event.preventDefault();
          add();
        }}
      >
        <input
          className="jp-mod-styled jp-StrataModels-alias"
          list="jp-StrataModels-aliases"
          pattern="[A-Za-z0-9_\-]{1,63}"
          placeholder={texts.__('champion')}
          aria-label={texts.__('New alias')}
          value={name}
          onChange={event => setName(event.target.value)}
        />
        <datalist id="jp-StrataModels-aliases">
          <option value="champion" />
          <option value="candidate" />
        </datalist>
        <button className="jp-mod-styled" type="submit" disabled={name.trim() === ''}>
          {texts.__('Set alias')}
        </button>
      </form>
    </div>
  );
}
