import type { Problem } from '@stratalab/contracts';
import { asProblem } from '@stratalab/lab-kit';
import * as React from 'react';

export interface Action {
  readonly isBusy: boolean;
  readonly problem: Problem | undefined;
  /** Does one thing at a time; what goes wrong is shown where the click was. */
  run(work: () => Promise<unknown>): void;
  clear(): void;
}

export function useAction(): Action {
  const [isBusy, setBusy] = React.useState(false);
  const [problem, setProblem] = React.useState<Problem>();
  const isMounted = React.useRef(true);
  React.useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);
  const run = React.useCallback((work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(undefined);
    work()
      .catch((error: unknown) => isMounted.current && setProblem(asProblem(error)))
      .finally(() => isMounted.current && setBusy(false));
  }, []);
  const clear = React.useCallback(() => setProblem(undefined), []);
  return { isBusy, problem, run, clear };
}
