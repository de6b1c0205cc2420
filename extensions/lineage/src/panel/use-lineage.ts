import { catalogRoutes, type BlastRadius } from '@stratalab/contracts/catalog';
import type { Problem } from '@stratalab/contracts';
import { asProblem, useQuery, useSuite } from '@stratalab/lab-kit';
import * as React from 'react';
import { graphOf, withNeighbours, type ShownGraph } from './graph';

export interface LineageState {
  readonly graph: ShownGraph | undefined;
  readonly blast: BlastRadius | undefined;
  readonly problem: Problem | undefined;
  readonly busy: string | undefined;
  readonly expand: (urn: string) => void;
  readonly reload: () => void;
}

const firstDepth = 1;

/** The neighbourhood of an object, growing one hop at a time where somebody asks. */
export function useLineage(urn: string, tenant: string): LineageState {
  const { stratalab } = useSuite();
  const catalog = React.useMemo(() => stratalab.clientFor(catalogRoutes), [stratalab]);
  const params = React.useMemo(() => ({ tenant }), [tenant]);
  const first = useQuery(`lineage-graph ${urn}`, (_chosen, signal) => catalog.getLineage({ params, query: { urn, direction: 'both', depth: firstDepth } }, { signal }), {
    refreshOn: ['lineage.']
  });
  const blast = useQuery(`blast-radius ${urn}`, (_chosen, signal) => catalog.getBlastRadius({ params, query: { urn } }, { signal }), { refreshOn: ['lineage.'] });
  const [grown, setGrown] = React.useState<ShownGraph>();
  const [busy, setBusy] = React.useState<string>();
  const [problem, setProblem] = React.useState<Problem>();
  React.useEffect(() => {
    setProblem(undefined);
    if (first.data === undefined) return setGrown(undefined);
    const { data } = first;
    // A newer answer about the same object keeps what was opened by hand.
    setGrown(before => (before?.root === data.root ? withNeighbours(before, data.root, data) : graphOf(data)));
  }, [first.data]);
  const expand = React.useCallback(
    (target: string): void => {
      setBusy(target);
      setProblem(undefined);
      catalog
        .getLineage({ params, query: { urn: target, direction: 'both', depth: 1 } })
        .then(
          answer => setGrown(before => (before === undefined ? before : withNeighbours(before, target, answer))),
          (error: unknown) => setProblem(asProblem(error))
        )
        .finally(() => setBusy(undefined));
    },
    [catalog, params]
  );
  return { graph: grown?.root === urn ? grown : undefined, blast: blast.data, problem: problem ?? first.problem, busy, expand, reload: first.reload };
}
