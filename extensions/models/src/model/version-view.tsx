import { formatUrn, type Problem } from '@stratalab/contracts';
import type { ModelVersion } from '@stratalab/contracts/models';
import { InputDialog } from '@jupyterlab/apputils';
import { asProblem, confirmDestructive, formatBytes, LineageStrip, ProblemNotice, QueryNotice, shellCommands, SnippetMenu, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { loadLineage } from '../load-lineage';
import { OriginFacts } from '../origin-facts';
import { modelSnippets } from '../snippets';
import { useModels } from '../use-models';
import { AliasEditor } from './alias-editor';

const shownDigest = 16;

export interface VersionViewProps {
  readonly version: ModelVersion;
  readonly tenant: string;
  readonly onDeleted: () => void;
}

/** One version: lineage, aliases, origin, what was found in its files, and how to load it. */
export function VersionView({ version, tenant, onDeleted }: VersionViewProps): React.JSX.Element {
  const { stratalab, translator, commands } = useSuite();
  const texts = useTexts();
  const client = useModels();
  const [problem, setProblem] = React.useState<Problem>();
  const of = { tenant, model: version.model, version: version.version };
  const change = (work: () => Promise<unknown>): void => {
    setProblem(undefined);
    work().catch((error: unknown) => setProblem(asProblem(error)));
  };
  const remove = async (): Promise<void> => {
    const isAgreed = await confirmDestructive({
      title: texts.__('Delete version %1 of %2?', version.version, version.model),
      verb: texts.__('Delete'),
      blastRadius: [
        texts.__('Its files go (%1); the number is not used again.', formatBytes(version.sizeBytes)),
        ...version.aliases.map(alias => texts.__('The alias @%1 goes with it.', alias))
      ],
      translator
    });
    if (!isAgreed) return;
    await client.deleteModelVersion({ params: of });
    onDeleted();
  };
  const { runId } = version;
  return (
    <section className="jp-StrataModels-version" aria-label={texts.__('Version %1', version.version)}>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <div className="jp-Strata-row">
        <h3>{texts.__('Version %1', version.version)}</h3>
        <span className="jp-Strata-spring" />
        <button className="jp-Strata-link" onClick={() => change(remove)}>
          {texts.__('Delete this version …')}
        </button>
      </div>
      <LineageStrip urn={version.urn} name={`${version.model}@${version.version}`} load={(urn, _chosen, signal) => loadLineage(stratalab, { urn, tenant, signal, texts })} />
      {version.description !== '' && <p>{version.description}</p>}
      <Quarantine version={version} tenant={tenant} onChange={change} />
      {version.warnings.map(warning => (
        <p key={warning} className="jp-StrataModels-warning">
          ▲ {warning}
        </p>
      ))}
      <AliasEditor version={version} tenant={tenant} onChange={change} />
      <div className="jp-StrataModels-columns">
        <section>
          <h4>{texts.__('Origin')}</h4>
          <OriginFacts origin={version.origin} />
          {runId !== null && (
            <p>
              <button className="jp-Strata-link" onClick={() => void commands.execute(shellCommands.openObject, { urn: formatUrn({ tenant, kind: 'run', name: runId }) })}>
                {texts.__('Run %1', version.runName ?? runId)}
              </button>
            </p>
          )}
        </section>
        <section>
          <h4>{texts.__('Found in the files')}</h4>
          <dl className="jp-StrataModels-facts">
            {version.facts.map(({ key, value }) => (
              <React.Fragment key={key}>
                <dt>{key}</dt>
                <dd>{value}</dd>
              </React.Fragment>
            ))}
            <dt>SHA-256</dt>
            <dd title={version.sha256}>
              <code>{version.sha256.slice(0, shownDigest)}…</code>
            </dd>
          </dl>
          {version.signature !== null && <Signature signature={version.signature} />}
        </section>
        <Files version={version} tenant={tenant} />
      </div>
      <SnippetMenu snippets={modelSnippets(version.model, version.version, version.aliases[0], version.format === 'mlflow-sklearn')} />
    </section>
  );
}

interface QuarantineProps {
  readonly version: ModelVersion;
  readonly tenant: string;
  readonly onChange: (work: () => Promise<unknown>) => void;
}

/** Why a version is held back, and who vouched for it. */
function Quarantine({ version, tenant, onChange }: QuarantineProps): React.JSX.Element | null {
  const texts = useTexts();
  const client = useModels();
  if (version.quarantineReason === null) return null;
  if (version.approval !== null) {
    return (
      <p className="jp-Strata-caption">
        {version.quarantineReason} {texts.__('%1 vouched for it: %2', version.approval.by, version.approval.reason)}
      </p>
    );
  }
  const approve = async (): Promise<void> => {
    const { value } = await InputDialog.getText({
      title: texts.__('Vouch for version %1 of %2?', version.version, version.model),
      label: texts.__('It holds code that runs when it is loaded. Your name and reason stay with it.'),
      okLabel: texts.__('Vouch'),
      placeholder: texts.__('Reason'),
      required: true
    });
    if (value === null || value === '') return;
    await client.approveModelVersion({ params: { tenant, model: version.model, version: version.version }, body: { reason: value } });
  };
  return (
    <div className="jp-StrataModels-warning">
      <p>▲ {texts.__('Quarantined: %1 It cannot be deployed until an administrator of the tenant vouches for it.', version.quarantineReason)}</p>
      <button className="jp-mod-styled" onClick={() => onChange(approve)}>
        {texts.__('Vouch for it …')}
      </button>
    </div>
  );
}

function Signature({ signature }: { readonly signature: NonNullable<ModelVersion['signature']> }): React.JSX.Element {
  const texts = useTexts();
  return (
    <details>
      <summary>{texts.__('Signature')}</summary>
      <dl className="jp-StrataModels-facts">
        <dt>{texts.__('Inputs')}</dt>
        <dd>
          <code>{signature.inputs ?? '–'}</code>
        </dd>
        <dt>{texts.__('Outputs')}</dt>
        <dd>
          <code>{signature.outputs ?? '–'}</code>
        </dd>
      </dl>
    </details>
  );
}

function Files({ version, tenant }: { readonly version: ModelVersion; readonly tenant: string }): React.JSX.Element {
  const texts = useTexts();
  const client = useModels();
  const files = useQuery(`version files ${version.urn}`, (_tenant, signal) =>
    client.listModelVersionFiles({ params: { tenant, model: version.model, version: version.version } }, { signal })
  );
  return (
    <section>
      <h4>{texts._n('%1 file', '%1 files', version.fileCount)}</h4>
      <QueryNotice query={files} />
      <ul className="jp-StrataModels-files" aria-label={texts.__('Files')}>
        {files.data?.items.map(file => (
          <li key={file.path}>
            <span>{file.path}</span>
            <span className="jp-Strata-caption">{formatBytes(file.sizeBytes ?? 0)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
