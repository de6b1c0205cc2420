import type { Problem } from '@stratalab/contracts';
import type { ModelVersion } from '@stratalab/contracts/models';
import { modelsRoutes } from '@stratalab/contracts/models';
import { maximumReplicas, type Deployment } from '@stratalab/contracts/serving';
import { asProblem, EmptyState, FieldNote, ProblemNotice, QueryNotice, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useServing } from '../use-serving';
import { FitVerdict } from './fit-verdict';
import { endpointNamePattern, nameOfEndpoint } from './name-of-endpoint';

export interface DeployFormProps {
  readonly model?: string | undefined;
  readonly version?: number | undefined;
  readonly onDeployed: (deployment: Deployment) => void;
}

const listLimit = 200;

/** Chooses a model, says whether it fits, and serves it: with the defaults one click is enough. */
export function DeployForm({ model: askedModel, version: askedVersion, onDeployed }: DeployFormProps): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const serving = useServing();
  const models = React.useMemo(() => stratalab.clientFor(modelsRoutes), [stratalab]);
  const choices = useQuery('models and names', async (tenant, signal) => {
    const [known, deployments] = await Promise.all([
      models.listModels({ params: { tenant }, query: { limit: listLimit } }, { signal }),
      serving.listDeployments({ params: { tenant }, query: { limit: listLimit } }, { signal })
    ]);
    return { models: known.items.filter(item => item.versionCount > 0), taken: deployments.items.map(item => item.name) };
  });
  const [chosen, setChosen] = React.useState(askedModel);
  const model = chosen ?? choices.data?.models[0]?.name;
  if (choices.data === undefined) return <QueryNotice query={choices} />;
  if (model === undefined) return <EmptyState text={texts.__('There is no model yet. Add a GGUF file or register a model from a run, then deploy it here.')} />;
  const names = choices.data.models.map(item => item.name);
  return (
    <div className="jp-StrataServing-form">
      <h2>{texts.__('Deploy a model')}</h2>
      <label>
        <span>{texts.__('Model')}</span>
        <select className="jp-mod-styled" value={model} onChange={event => setChosen(event.target.value)}>
          {(names.includes(model) ? names : [model, ...names]).map(name => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <VersionForm key={model} model={model} version={model === askedModel ? askedVersion : undefined} taken={choices.data.taken} onDeployed={onDeployed} />
    </div>
  );
}

interface VersionFormProps {
  readonly model: string;
  readonly version: number | undefined;
  readonly taken: readonly string[];
  readonly onDeployed: (deployment: Deployment) => void;
}

function VersionForm({ model, version, taken, onDeployed }: VersionFormProps): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const serving = useServing();
  const [choice, setChoice] = React.useState(version === undefined ? '' : `v${version}`);
  const [name, setName] = React.useState(() => nameOfEndpoint(model, taken));
  const [replicas, setReplicas] = React.useState(1);
  const [context, setContext] = React.useState('');
  const [problem, setProblem] = React.useState<Problem>();
  const [isBusy, setBusy] = React.useState(false);
  const versions = useQuery(`versions ${model}`, (tenant, signal) =>
    stratalab.clientFor(modelsRoutes).listModelVersions({ params: { tenant, model }, query: { limit: listLimit } }, { signal })
  );
  const contextTokens = Number(context) >= 256 ? { contextTokens: Math.floor(Number(context)) } : {};
  const asked = { model, replicas, ...chosenVersion(choice), ...contextTokens };
  const fit = useQuery(`fit ${JSON.stringify(asked)}`, (tenant, signal) => serving.estimateFit({ params: { tenant }, body: asked }, { signal }), {
    refreshOn: ['quota.', 'deployment.']
  });
  const isNameGood = endpointNamePattern.test(name) && !taken.includes(name);
  const deploy = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const tenant = await stratalab.tenant();
      onDeployed(await serving.deployModel({ params: { tenant }, body: { ...asked, name } }));
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <>
      <label>
        <span>{texts.__('Version')}</span>
        <select className="jp-mod-styled" value={choice} onChange={event => setChoice(event.target.value)}>
          <option value="">{texts.__('Newest')}</option>
          <VersionOptions versions={versions.data?.items ?? []} />
        </select>
      </label>
      <label>
        <span>{texts.__('Name of the endpoint')}</span>
        <input className="jp-mod-styled" value={name} spellCheck={false} aria-invalid={!isNameGood} onChange={event => setName(event.target.value)} />
        {!isNameGood && <FieldNote problem={taken.includes(name) ? texts.__('There is an endpoint of this name.') : texts.__('Lower-case letters, digits and dashes inside.')} />}
      </label>
      <label>
        <span>{texts.__('Replicas')}</span>
        <input className="jp-mod-styled" type="number" min={1} max={maximumReplicas} value={replicas} onChange={event => setReplicas(clamp(Number(event.target.value)))} />
      </label>
      {fit.data?.kind !== 'predict' && (
        <details>
          <summary>{texts.__('More')}</summary>
          <label>
            <span>{texts.__('Longest conversation, in tokens')}</span>
            <input
              className="jp-mod-styled"
              type="number"
              min={256}
              placeholder={String(fit.data?.contextTokens ?? 2048)}
              value={context}
              onChange={event => setContext(event.target.value)}
            />
          </label>
        </details>
      )}
      <QueryNotice query={fit} />
      {fit.data !== undefined && <FitVerdict fit={fit.data} />}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <div className="jp-Strata-row">
        <button className="jp-mod-styled jp-mod-accept" disabled={isBusy || !isNameGood || fit.data?.verdict !== 'fits'} onClick={() => void deploy()}>
          {isBusy ? texts.__('Deploying …') : texts.__('Deploy')}
        </button>
      </div>
    </>
  );
}

/** Aliases first: they are how versions are meant to be chosen. */
function VersionOptions({ versions }: { readonly versions: readonly ModelVersion[] }): React.JSX.Element {
  const texts = useTexts();
  return (
    <>
      {versions.flatMap(version =>
        version.aliases.map(alias => (
          <option key={`@${alias}`} value={`@${alias}`}>
            {texts.__('@%1 (version %2)', alias, version.version)}
          </option>
        ))
      )}
      {versions.map(version => (
        <option key={version.version} value={`v${version.version}`}>
          {version.isQuarantined ? texts.__('Version %1, in quarantine', version.version) : texts.__('Version %1', version.version)}
        </option>
      ))}
    </>
  );
}

function chosenVersion(choice: string): { readonly version?: number; readonly alias?: string } {
  if (choice.startsWith('@')) return { alias: choice.slice(1) };
  return choice === '' ? {} : { version: Number(choice.slice(1)) };
}

function clamp(replicas: number): number {
  return Number.isFinite(replicas) ? Math.min(maximumReplicas, Math.max(1, Math.floor(replicas))) : 1;
}
