import { formatUrn, type Problem, type Urn } from '@stratalab/contracts';
import type { RunDetail } from '@stratalab/contracts/models';
import {
  asProblem,
  confirmDestructive,
  EmptyState,
  LineageStrip,
  modelIcon,
  ObjectPage,
  ProblemNotice,
  QueryNotice,
  shellCommands,
  SnippetMenu,
  useQuery,
  useSuite,
  useTexts,
  type QueryState,
  type TabItem
} from '@stratalab/lab-kit';
import * as React from 'react';
import { modelsCommands } from '../command-ids';
import { loadLineage } from '../load-lineage';
import { OriginFacts } from '../origin-facts';
import { runSnippets } from '../snippets';
import { useModels } from '../use-models';
import { metricWord, stateTone, stateWord } from '../words';
import { ArtifactsTab } from './artifacts-tab';
import { MetricCharts } from './metric-charts';

/** Page of a run. */
export function RunPage({ urn, text }: { readonly urn: Urn; readonly text: string }): React.JSX.Element {
  const texts = useTexts();
  const client = useModels();
  const [isGone, setGone] = React.useState(false);
  const run = useQuery(`run ${urn.name}`, (_tenant, signal) => client.getRun({ params: { tenant: urn.tenant, run: urn.name } }, { signal }), {
    refreshOn: ['run.', 'model.version-registered'],
    isEnabled: !isGone
  });
  if (isGone) return <EmptyState text={texts.__('The run was deleted. An MLflow client can restore it.')} />;
  if (run.data === undefined) return <QueryNotice query={run} />;
  return <RunView query={run} detail={run.data} tenant={urn.tenant} urn={text} onDeleted={() => setGone(true)} />;
}

interface RunViewProps {
  readonly query: QueryState<RunDetail>;
  readonly detail: RunDetail;
  readonly tenant: string;
  readonly urn: string;
  readonly onDeleted: () => void;
}

function RunView({ query, detail, tenant, urn, onDeleted }: RunViewProps): React.JSX.Element {
  const { commands, stratalab, translator } = useSuite();
  const texts = useTexts();
  const client = useModels();
  const [problem, setProblem] = React.useState<Problem>();
  const { run } = detail;
  const remove = async (): Promise<void> => {
    const isAgreed = await confirmDestructive({
      title: texts.__('Delete the run %1?', run.name),
      verb: texts.__('Delete'),
      blastRadius: [texts.__('It is moved out of sight; an MLflow client can restore it. Models registered from it stay.')],
      translator
    });
    if (!isAgreed) return;
    await client.deleteRun({ params: { tenant, run: run.id } });
    onDeleted();
  };
  const openExperiment = (): void => void commands.execute(shellCommands.openObject, { urn: formatUrn({ tenant, kind: 'experiment', name: run.experimentId }) });
  const charted = detail.metrics.filter(({ points }) => points > 1);
  const tabs: readonly TabItem[] = [
    { id: 'overview', label: texts.__('Overview'), render: () => <Overview detail={detail} tenant={tenant} /> },
    {
      id: 'charts',
      label: texts.__('Charts'),
      count: charted.length,
      render: () => <MetricCharts tenant={tenant} run={run.id} metrics={charted} isRunning={run.state === 'running'} />
    },
    { id: 'files', label: texts.__('Files'), render: () => <ArtifactsTab tenant={tenant} run={run.id} /> },
    { id: 'use', label: texts.__('Use it'), render: () => <SnippetMenu snippets={runSnippets(run.id)} /> }
  ];
  return (
    <ObjectPage
      query={query}
      icon={modelIcon}
      name={run.name}
      chips={[texts.__('Run'), run.experimentName]}
      status={{ tone: stateTone(run.state), label: stateWord(run.state, texts) }}
      owner={run.createdBy}
      createdAt={run.startedAt ?? undefined}
      primary={{ label: texts.__('Register as a model'), onClick: () => void commands.execute(modelsCommands.registerRun, { run: run.id }) }}
      more={[
        { label: texts.__('Open the experiment'), onClick: openExperiment },
        { label: texts.__('Delete …'), onClick: () => void remove().catch((error: unknown) => setProblem(asProblem(error))) }
      ]}
      lineage={
        <>
          {problem !== undefined && <ProblemNotice problem={problem} />}
          <LineageStrip urn={urn} name={run.name} load={(of, _chosen, signal) => loadLineage(stratalab, { urn: of, tenant, signal, texts })} />
        </>
      }
      tabs={tabs}
    />
  );
}

function Overview({ detail, tenant }: { readonly detail: RunDetail; readonly tenant: string }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const tags = detail.tags.filter(({ key }) => !key.startsWith('mlflow.'));
  return (
    <div className="jp-StrataModels-columns">
      <section>
        <h3>{texts.__('Metrics')}</h3>
        {detail.metrics.length === 0 && <p className="jp-Strata-caption">{texts.__('None logged')}</p>}
        <table className="jp-StrataModels-table" aria-label={texts.__('Metrics')}>
          {detail.metrics.length > 0 && (
            <thead>
              <tr>
                <th scope="col">{texts.__('Name')}</th>
                <th scope="col" className="jp-mod-number">
                  {texts.__('Last')}
                </th>
                <th scope="col" className="jp-mod-number">
                  {texts.__('Lowest')}
                </th>
                <th scope="col" className="jp-mod-number">
                  {texts.__('Highest')}
                </th>
              </tr>
            </thead>
          )}
          <tbody>
            {detail.metrics.map(metric => (
              <tr key={metric.key} title={texts._n('%1 point', '%1 points', metric.points)}>
                <th scope="row">{metric.key}</th>
                <td className="jp-mod-number">{metricWord(metric.value)}</td>
                <td className="jp-mod-number">{metricWord(metric.lowest)}</td>
                <td className="jp-mod-number">{metricWord(metric.highest)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section>
        <h3>{texts.__('Params')}</h3>
        <NamedTable label={texts.__('Params')} rows={detail.params} />
        {tags.length > 0 && (
          <>
            <h3>{texts.__('Tags')}</h3>
            <NamedTable label={texts.__('Tags')} rows={tags} />
          </>
        )}
      </section>
      <section>
        <h3>{texts.__('Origin')}</h3>
        <OriginFacts origin={detail.run.origin} />
        {detail.datasets.map(dataset => (
          <p key={`${dataset.name} ${dataset.digest}`}>
            {dataset.urn === null ? (
              texts.__('Data set %1', dataset.name)
            ) : (
              <button className="jp-Strata-link" onClick={() => void commands.execute(shellCommands.openObject, { urn: dataset.urn })}>
                {texts.__('Data set %1', dataset.name)}
              </button>
            )}
            {dataset.context !== null && <span className="jp-Strata-caption"> {dataset.context}</span>}
          </p>
        ))}
        <h3>{texts.__('Models')}</h3>
        {detail.models.length === 0 && detail.registered.length === 0 && <p className="jp-Strata-caption">{texts.__('This run logged no model.')}</p>}
        {detail.models.map(model => (
          <p key={model.id}>
            {texts.__('Logged: %1', model.name)} <code>{model.id}</code>
          </p>
        ))}
        {detail.registered.map(({ model, version }) => (
          <p key={`${model} ${version}`}>
            <button
              className="jp-Strata-link"
              onClick={() => void commands.execute(shellCommands.openObject, { urn: formatUrn({ tenant, kind: 'model', name: model, version: String(version) }) })}
            >
              {texts.__('%1, version %2', model, version)}
            </button>
          </p>
        ))}
      </section>
    </div>
  );
}

function NamedTable({ label, rows }: { readonly label: string; readonly rows: readonly { readonly key: string; readonly value: string }[] }): React.JSX.Element {
  const texts = useTexts();
  if (rows.length === 0) return <p className="jp-Strata-caption">{texts.__('None logged')}</p>;
  return (
    <table className="jp-StrataModels-table" aria-label={label}>
      <tbody>
        {rows.map(({ key, value }) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td title={value}>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
