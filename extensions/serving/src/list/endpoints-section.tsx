import type { Deployment, Endpoint } from '@stratalab/contracts/serving';
import { EmptyState, ProblemNotice, shellCommands, StatusChip, usePages, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { servingCommands } from '../command-ids';
import { kindWord, stateWord, toneOf } from '../state-words';
import { useServing } from '../use-serving';

/** Section of the sidebar: what can be called, each with its state; the newest first. */
export function EndpointsSection(): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const serving = useServing();
  const deployments = usePages<Deployment>(
    'deployments',
    ({ tenant, cursor, signal }) => serving.listDeployments({ params: { tenant }, query: cursor === undefined ? {} : { cursor } }, { signal }),
    ['deployment.']
  );
  const builtIn = useQuery('built-in endpoints', (tenant, signal) => serving.listEndpoints({ params: { tenant }, query: { kind: 'embeddings' } }, { signal }));
  const deploy = (): void => void commands.execute(servingCommands.deployModel);
  if (deployments.problem !== undefined && deployments.rows.length === 0) return <ProblemNotice problem={deployments.problem} onRetry={deployments.reload} />;
  const isEmpty = deployments.rows.length === 0 && !deployments.isLoading;
  return (
    <div className="jp-Strata-panel jp-StrataServing-section">
      {!isEmpty && (
        <div className="jp-Strata-row">
          <button className="jp-mod-styled jp-mod-accept" onClick={deploy}>
            {texts.__('Deploy a model')}
          </button>
        </div>
      )}
      {isEmpty && (
        <EmptyState text={texts.__('Nothing is served yet. Deploy a model, and call it with any OpenAI client.')} action={{ label: texts.__('Deploy a model'), onClick: deploy }} />
      )}
      <ul className="jp-Strata-list" aria-label={texts.__('Endpoints')} aria-busy={deployments.isLoading}>
        {deployments.rows.map(deployment => (
          <DeploymentItem key={deployment.name} deployment={deployment} />
        ))}
        {builtIn.data?.items.map(endpoint => (
          <BuiltInItem key={endpoint.name} endpoint={endpoint} />
        ))}
      </ul>
      {deployments.hasMore && (
        <button className="jp-Strata-link" disabled={deployments.isLoading} onClick={deployments.loadMore}>
          {texts.__('Show more')}
        </button>
      )}
    </div>
  );
}

function DeploymentItem({ deployment }: { readonly deployment: Deployment }): React.JSX.Element {
  const texts = useTexts();
  const { name, model, state, message, endpointUrn } = deployment;
  return (
    <Item name={name} urn={endpointUrn} caption={texts.__('%1, version %2', model.name, model.version)} title={message}>
      <StatusChip tone={toneOf(state)} label={stateWord(state, texts)} />
    </Item>
  );
}

function BuiltInItem({ endpoint }: { readonly endpoint: Endpoint }): React.JSX.Element {
  const texts = useTexts();
  return (
    <Item name={endpoint.name} urn={endpoint.urn} caption={texts.__('%1, comes with the platform', kindWord(endpoint.kind, texts))} title={endpoint.message}>
      <StatusChip tone="good" label={texts.__('Ready')} />
    </Item>
  );
}

interface ItemProps {
  readonly name: string;
  readonly urn: string;
  readonly caption: string;
  readonly title: string;
  readonly children: React.ReactNode;
}

function Item({ name, urn, caption, title, children }: ItemProps): React.JSX.Element {
  const { commands } = useSuite();
  return (
    <li title={title}>
      <button className="jp-Strata-item" onClick={() => void commands.execute(shellCommands.openObject, { urn })}>
        <span className="jp-Strata-name">{name}</span>
        <span className="jp-Strata-caption">{caption}</span>
      </button>
      {children}
    </li>
  );
}
