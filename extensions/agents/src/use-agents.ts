import type { Client } from '@stratalab/client';
import type { Problem } from '@stratalab/contracts';
import { agentsRoutes } from '@stratalab/contracts/agents';
import { asProblem, useSuite } from '@stratalab/lab-kit';
import * as React from 'react';

/** Typed functions of the agents service. */
export function useAgents(): Client<typeof agentsRoutes> {
  const { stratalab } = useSuite();
  return React.useMemo(() => stratalab.clientFor(agentsRoutes), [stratalab]);
}

export interface Action {
  readonly isBusy: boolean;
  /** Why the last run failed; gone with the next one. */
  readonly problem: Problem | undefined;
  /** Runs `work` unless another run is on its way. */
  readonly run: (work: () => Promise<unknown>) => void;
}

/** Something a person started; its failure is shown where the click was. */
export function useAction(): Action {
  const [isBusy, setBusy] = React.useState(false);
  const [problem, setProblem] = React.useState<Problem>();
  const run = (work: () => Promise<unknown>): void => {
    if (isBusy) return;
    setBusy(true);
    setProblem(undefined);
    work()
      .catch((error: unknown) => setProblem(asProblem(error)))
      .finally(() => setBusy(false));
  };
  return { isBusy, problem, run };
}
