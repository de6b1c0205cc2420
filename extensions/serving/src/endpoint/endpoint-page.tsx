import { formatUrn, type Urn } from '@stratalab/contracts';
import type { Deployment } from '@stratalab/contracts/serving';
import { EmptyState, endpointIcon, LineageStrip, ObjectPage, ProblemNotice, QueryNotice, useQuery, useSuite, useTexts, type QueryState, type TabItem } from '@stratalab/lab-kit';
import * as React from 'react';
import { servingCommands } from '../command-ids';
import { kindWord, stateWord, toneOf } from '../state-words';
import { useServing } from '../use-serving';
import { loadLineage } from './load-lineage';
import { LogTab } from './log-tab';
import { ReplicasTab } from './replicas-tab';
import { TryChat } from './try-chat';
import { TryPredict } from './try-predict';
import { useActions } from './use-actions';
import { UseTab } from './use-tab';

/** Page of an endpoint and the deployment behind it. */
export function EndpointPage({ urn }: { readonly urn: Urn }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const serving = useServing();
  const [isGone, setGone] = React.useState(false);
  const builtIn = useQuery('built-in endpoints', (_tenant, signal) => serving.listEndpoints({ params: { tenant: urn.tenant }, query: { kind: 'embeddings' } }, { signal }));
  const own = builtIn.data?.items.find(endpoint => endpoint.name === urn.name);
  const deployment = useQuery(`deployment ${urn.name}`, (_tenant, signal) => serving.getDeployment({ params: { tenant: urn.tenant, deployment: urn.name } }, { signal }), {
    refreshOn: ['deployment.', 'quota.'],
    isEnabled: builtIn.data !== undefined && own === undefined && !isGone
  });
  if (isGone)
    return (
      <EmptyState
        text={texts.__('The endpoint %1 was deleted.', urn.name)}
        action={{ label: texts.__('Deploy a model'), onClick: () => void commands.execute(servingCommands.deployModel) }}
      />
    );
  if (builtIn.problem !== undefined) return <ProblemNotice problem={builtIn.problem} onRetry={builtIn.reload} />;
  if (own !== undefined) {
    return (
      <ObjectPage
        icon={endpointIcon}
        name={own.name}
        chips={[kindWord(own.kind, texts)]}
        status={{ tone: 'good', label: texts.__('Ready'), sentence: texts.__('Comes with the platform; every tenant has it.') }}
        tabs={[{ id: 'use', label: texts.__('Use it'), render: () => <UseTab tenant={urn.tenant} name={own.name} kind={own.kind} /> }]}
      />
    );
  }
  if (deployment.data === undefined) return <QueryNotice query={deployment} />;
  return <DeploymentView query={deployment} deployment={deployment.data} tenant={urn.tenant} onDeleted={() => setGone(true)} />;
}

interface ViewProps {
  readonly query: QueryState<Deployment>;
  readonly deployment: Deployment;
  readonly tenant: string;
  readonly onDeleted: () => void;
}

function DeploymentView({ query, deployment, tenant, onDeleted }: ViewProps): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const actions = useActions(deployment, tenant, onDeleted);
  const { name, kind, model, state } = deployment;
  const isReady = deployment.readyReplicas > 0;
  const tabs: readonly TabItem[] = [
    {
      id: 'try',
      label: texts.__('Try it'),
      render: () => (kind === 'chat' ? <TryChat tenant={tenant} name={name} isReady={isReady} /> : <TryPredict tenant={tenant} name={name} />)
    },
    { id: 'use', label: texts.__('Use it'), render: () => <UseTab tenant={tenant} name={name} kind={kind} /> },
    { id: 'replicas', label: texts.__('Replicas'), count: deployment.replicas.length, render: () => <ReplicasTab deployment={deployment} tenant={tenant} reload={query.reload} /> },
    { id: 'log', label: texts.__('Log'), render: () => <LogTab deployment={deployment} tenant={tenant} /> }
  ];
  return (
    <ObjectPage
      query={query}
      icon={endpointIcon}
      name={name}
      chips={[
        kindWord(kind, texts),
        model.alias === null ? texts.__('%1, version %2', model.name, model.version) : texts.__('%1@%2, version %3', model.name, model.alias, model.version)
      ]}
      status={{ tone: toneOf(state), label: stateWord(state, texts), sentence: withoutState(deployment.message) }}
      owner={deployment.createdBy}
      createdAt={deployment.createdAt}
      primary={actions.primary}
      more={actions.more}
      lineage={
        <>
          {actions.problem !== undefined && <ProblemNotice problem={actions.problem} />}
          <LineageStrip urn={formatUrn({ tenant, kind: 'endpoint', name })} name={name} load={(urn, _chosen, signal) => loadLineage(stratalab, { urn, tenant, signal, texts })} />
        </>
      }
      tabs={tabs}
    />
  );
}

/** The chip says the state already. */
function withoutState(message: string): string {
  const rest = message.replace(/^(Ready|Starting|Stopping|Stopped|Failed)[:;.] /, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
