import { formatUrn } from '@stratalab/contracts';
import type { Experiment, Model, Run } from '@stratalab/contracts/models';
import { ProblemNotice, shellCommands, SnippetMenu, StatusChip, TimeAgo, usePages, useSuite, useTenant, useTexts, type Pages } from '@stratalab/lab-kit';
import * as React from 'react';
import { modelsCommands } from '../command-ids';
import { trackSnippets } from '../snippets';
import { useModels } from '../use-models';
import { formatWord, stateTone, stateWord } from '../words';

const shownRuns = 8;

/** Section of the sidebar: registered models, recent runs, experiments; each opens its page. */
export function ModelsSection(): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const client = useModels();
  const models = usePages<Model>('models', ({ tenant, cursor, signal }) => client.listModels({ params: { tenant }, query: cursor === undefined ? {} : { cursor } }, { signal }), [
    'model.'
  ]);
  const runs = usePages<Run>('recent runs', ({ tenant, signal }) => client.listRuns({ params: { tenant }, query: { limit: shownRuns } }, { signal }), ['run.']);
  const experiments = usePages<Experiment>(
    'experiments',
    ({ tenant, cursor, signal }) => client.listExperiments({ params: { tenant }, query: cursor === undefined ? {} : { cursor } }, { signal }),
    ['experiment.', 'run.']
  );
  const problem = [models, runs, experiments].find(pages => pages.problem !== undefined && pages.rows.length === 0)?.problem;
  if (problem !== undefined) return <ProblemNotice problem={problem} onRetry={() => [models, runs, experiments].forEach(pages => pages.reload())} />;
  return (
    <div className="jp-Strata-panel">
      <div className="jp-Strata-row">
        <button className="jp-mod-styled jp-mod-accept" onClick={() => void commands.execute(modelsCommands.uploadModel)}>
          {texts.__('Upload a model')}
        </button>
      </div>
      <ModelList models={models} />
      <h3 className="jp-StrataModels-heading">{texts.__('Recent runs')}</h3>
      {runs.rows.length === 0 && !runs.isLoading ? <NoRuns /> : <RunList runs={runs} />}
      {experiments.rows.length > 0 && (
        <>
          <h3 className="jp-StrataModels-heading">{texts.__('Experiments')}</h3>
          <ExperimentList experiments={experiments} />
        </>
      )}
    </div>
  );
}

function ModelList({ models }: { readonly models: Pages<Model> }): React.JSX.Element {
  const texts = useTexts();
  if (models.rows.length === 0 && !models.isLoading)
    return <p className="jp-Strata-caption">{texts.__('No model is registered yet. Upload a GGUF file, or register what a run logged.')}</p>;
  return (
    <>
      <ul className="jp-Strata-list" aria-label={texts.__('Models')} aria-busy={models.isLoading}>
        {models.rows.map(model => (
          <Item
            key={model.name}
            urn={model.urn}
            name={model.name}
            caption={
              model.latestVersion === null
                ? texts.__('no version yet')
                : texts.__('%1 · version %2', model.format === null ? '' : formatWord(model.format, texts), model.latestVersion)
            }
          >
            {model.aliases.map(({ alias, version }) => (
              <span key={alias} className="jp-Strata-chip" title={texts.__('version %1', version)}>
                @{alias}
              </span>
            ))}
          </Item>
        ))}
      </ul>
      <More pages={models} />
    </>
  );
}

function RunList({ runs }: { readonly runs: Pages<Run> }): React.JSX.Element {
  const texts = useTexts();
  return (
    <ul className="jp-Strata-list" aria-label={texts.__('Recent runs')} aria-busy={runs.isLoading}>
      {runs.rows.map(run => (
        <Item
          key={run.id}
          urn={run.urn}
          name={run.name}
          caption={
            <>
              {run.experimentName}
              {run.startedAt !== null && (
                <>
                  {' · '}
                  <TimeAgo time={run.startedAt} />
                </>
              )}
            </>
          }
        >
          <StatusChip tone={stateTone(run.state)} label={stateWord(run.state, texts)} />
        </Item>
      ))}
    </ul>
  );
}

function ExperimentList({ experiments }: { readonly experiments: Pages<Experiment> }): React.JSX.Element {
  const texts = useTexts();
  const tenant = useTenant() ?? '';
  return (
    <>
      <ul className="jp-Strata-list" aria-label={texts.__('Experiments')} aria-busy={experiments.isLoading}>
        {experiments.rows.map(experiment => (
          <Item
            key={experiment.id}
            urn={formatUrn({ tenant, kind: 'experiment', name: experiment.id })}
            name={experiment.name}
            caption={texts._n('%1 run', '%1 runs', experiment.runCount)}
          >
            {experiment.runningCount > 0 && <StatusChip tone="busy" label={texts.__('%1 running', experiment.runningCount)} />}
          </Item>
        ))}
      </ul>
      <More pages={experiments} />
    </>
  );
}

/** Without any run the section teaches how to make one. */
function NoRuns(): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const tenant = useTenant() ?? '';
  return (
    <>
      <p className="jp-Strata-caption">{texts.__('Runs of notebooks, jobs and programs appear here as soon as they log with MLflow:')}</p>
      <SnippetMenu snippets={trackSnippets(stratalab.url, tenant)} />
    </>
  );
}

function More({ pages }: { readonly pages: Pages<unknown> }): React.JSX.Element | null {
  const texts = useTexts();
  if (!pages.hasMore) return null;
  return (
    <button className="jp-Strata-link" disabled={pages.isLoading} onClick={pages.loadMore}>
      {texts.__('Show more')}
    </button>
  );
}

interface ItemProps {
  readonly urn: string;
  readonly name: string;
  readonly caption: React.ReactNode;
  readonly children: React.ReactNode;
}

function Item({ urn, name, caption, children }: ItemProps): React.JSX.Element {
  const { commands } = useSuite();
  return (
    <li>
      <button className="jp-Strata-item" onClick={() => void commands.execute(shellCommands.openObject, { urn })}>
        <span className="jp-Strata-name">{name}</span>
        <span className="jp-Strata-caption">{caption}</span>
      </button>
      {children}
    </li>
  );
}
