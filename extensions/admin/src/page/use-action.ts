import type { Problem } from '@stratalab/contracts';
import { asProblem } from '@stratalab/lab-kit';
import * as React from 'react';

export interface Action {
  readonly isBusy: boolean;
  /** Why the last run failed; gone with the next one. */
  readonly problem: Problem | undefined;
  /** Runs `work`, one at a time; resolves to whether it succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

/** Something a person started: it is shown where the click was, and its failure too. */
export function useAction(): Action {
  const [state, setState] = React.useState<{ isBusy: boolean; problem: Problem | undefined }>({ isBusy: false, problem: undefined });
  const busy = React.useRef(false);
  const run = React.useCallback(async (work: () => Promise<unknown>): Promise<boolean> => {
    if (busy.current) return false;
    busy.current = true;
    setState({ isBusy: true, problem: undefined });
    try {
      await work();
      setState({ isBusy: false, problem: undefined });
      return true;
    } catch (error) {
      setState({ isBusy: false, problem: asProblem(error) });
      return false;
    } finally {
      busy.current = false;
    }
  }, []);
  return { ...state, run };
}
