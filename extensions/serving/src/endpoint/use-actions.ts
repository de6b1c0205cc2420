import { catalogRoutes } from '@stratalab/contracts/catalog';
import type { Deployment } from '@stratalab/contracts/serving';
import { asProblem, confirmDestructive, useSuite, useTexts, type ObjectAction } from '@stratalab/lab-kit';
import type { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { useServing } from '../use-serving';

export interface EndpointActions {
  readonly primary: ObjectAction | undefined;
  readonly more: readonly ObjectAction[];
  readonly problem: Problem | undefined;
}

const shownUsers = 10;

/** Start, stop and delete; what goes with a deletion is said before. */
export function useActions(deployment: Deployment | undefined, tenant: string, onDeleted: () => void): EndpointActions {
  const { stratalab, translator } = useSuite();
  const texts = useTexts();
  const serving = useServing();
  const [problem, setProblem] = React.useState<Problem>();
  if (deployment === undefined) return { primary: undefined, more: [], problem };
  const params = { tenant, deployment: deployment.name };
  const run = (work: () => Promise<unknown>) => (): void => {
    setProblem(undefined);
    work().catch((error: unknown) => setProblem(asProblem(error)));
  };
  const remove = async (): Promise<void> => {
    const radius = await stratalab.clientFor(catalogRoutes).getBlastRadius({ params: { tenant }, query: { urn: deployment.endpointUrn } });
    const users = radius.items
      .slice(0, shownUsers)
      .map(({ urn }) => texts.__('%1 was made with it; it stays, but cannot be made again.', urn.replace(/^urn:strata:[^:]+:/, '').replace(':', ' ')));
    const isAgreed = await confirmDestructive({
      title: texts.__('Delete the endpoint %1?', deployment.name),
      verb: texts.__('Delete'),
      blastRadius: [texts.__('Calls of %1 fail from now on; those in flight are finished.', deployment.name), texts.__('The logs of its replicas are removed.'), ...users],
      translator
    });
    if (!isAgreed) return;
    await serving.deleteDeployment({ params });
    onDeleted();
  };
  const isStopped = deployment.state === 'stopped' || deployment.state === 'stopping';
  const start = { label: texts.__('Start'), onClick: run(() => serving.updateDeployment({ params, body: { replicas: Math.max(1, deployment.wantedReplicas) } })) };
  const stop = { label: texts.__('Stop'), onClick: run(() => serving.stopDeployment({ params })) };
  return { primary: isStopped ? start : undefined, more: [...(isStopped ? [] : [stop]), { label: texts.__('Delete …'), onClick: run(remove) }], problem };
}
