import type { Problem } from '@stratalab/contracts';
import type { ContractRun, Dataset, DatasetContract } from '@stratalab/contracts/catalog';
import { asProblem, EmptyState, ProblemNotice, QueryNotice, TimeAgo, useQuery, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useCatalog } from '../data-context';
import { contractWord } from '../sidebar/facets';
import { CheckTable } from './check-table';
import { ContractEditor } from './contract-editor';

const shownRuns = 30;
const refreshOn = ['dataset.'] as const;

interface Quality {
  readonly contract: DatasetContract | undefined;
  readonly runs: readonly ContractRun[];
}

/** The contract of a dataset: each check with its last thirty results, and the document itself. */
export function QualityTab({ tenant, dataset }: { readonly tenant: string; readonly dataset: Dataset }): React.JSX.Element {
  const texts = useTexts();
  const catalog = useCatalog();
  const params = { tenant, dataset: dataset.name };
  const [draft, setDraft] = React.useState<string>();
  const [problem, setProblem] = React.useState<Problem>();
  const [isBusy, setBusy] = React.useState(false);
  const quality = useQuery<Quality>(
    `quality ${tenant} ${dataset.name} ${dataset.contractState === 'none'}`,
    async (_chosen, signal) => {
      const contract = dataset.contractState === 'none' ? undefined : await catalog.getContract({ params }, { signal });
      const runs = await catalog.listContractRuns({ params, query: { limit: shownRuns } }, { signal });
      return { contract, runs: runs.items };
    },
    { refreshOn }
  );
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
      quality.reload();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const suggest = (): Promise<void> => act(async () => setDraft((await catalog.suggestContract({ params })).document));
  if (quality.data === undefined) return <QueryNotice query={quality} />;
  const { contract, runs } = quality.data;
  if (draft !== undefined) {
    return (
      <ContractEditor
        document={draft}
        hasContract={contract !== undefined}
        onClose={() => setDraft(undefined)}
        onSave={document => catalog.setContract({ params, body: { document } }).then(quality.reload)}
        onRemove={() => catalog.deleteContract({ params }).then(quality.reload)}
      />
    );
  }
  if (contract === undefined) {
    return (
      <>
        <EmptyState
          text={texts.__('A contract says what every version must keep: no nulls here, only these values there. Stratalab reads ODCS documents and checks each new version.')}
          action={{ label: texts.__('Suggest one from the profile'), onClick: () => void suggest() }}
        />
        {problem !== undefined && <ProblemNotice problem={problem} />}
      </>
    );
  }
  return (
    <div className="jp-Strata-stack">
      <QueryNotice query={quality} />
      <div className="jp-Strata-row">
        <span className={`jp-Strata-chip jp-mod-${toneOf(dataset.contractState)}`}>{contractWord(dataset.contractState, texts)}</span>
        {runs[0] !== undefined && (
          <span className="jp-Strata-caption">
            {texts.__('version %1, checked', runs[0].version)} <TimeAgo time={runs[0].time} />
          </span>
        )}
        <span className="jp-Strata-spring" />
        <button className="jp-mod-styled jp-mod-minimal" disabled={isBusy} onClick={() => void act(() => catalog.checkContract({ params: { ...params, version: 'latest' } }))}>
          {texts.__('Check now')}
        </button>
        <button className="jp-mod-styled jp-mod-minimal" onClick={() => setDraft(contract.document)}>
          {texts.__('Edit the contract')}
        </button>
      </div>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <CheckTable checks={contract.checks} runs={runs} />
    </div>
  );
}

function toneOf(state: Dataset['contractState']): string {
  return state === 'passed' ? 'good' : state === 'failed' ? 'bad' : 'busy';
}
