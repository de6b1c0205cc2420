import type { Urn } from '@stratalab/contracts';
import type { Experiment, Run } from '@stratalab/contracts/models';
import {
  asProblem,
  confirmDestructive,
  EmptyState,
  modelIcon,
  ObjectPage,
  ProblemNotice,
  QueryNotice,
  shellCommands,
  SnippetMenu,
  usePages,
  useQuery,
  useSuite,
  useTexts,
  VirtualTable,
  type Column,
  type Sort
} from '@stratalab/lab-kit';
import type { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { trackSnippets } from '../snippets';
import { useModels } from '../use-models';
import { CompareRuns, mostCompared } from './compare-runs';
import { orderOf, runColumns } from './run-columns';

/** Page of an experiment: its runs in a table, and chosen ones beside each other. */
export function ExperimentPage({ urn }: { readonly urn: Urn }): React.JSX.Element {
  const { stratalab, translator } = useSuite();
  const texts = useTexts();
  const client = useModels();
  const [chosen, setChosen] = React.useState<readonly Run[]>([]);
  const [problem, setProblem] = React.useState<Problem>();
  const [isGone, setGone] = React.useState(false);
  const params = { tenant: urn.tenant, experiment: urn.name };
  const experiment = useQuery(`experiment ${urn.name}`, (_tenant, signal) => client.getExperiment({ params }, { signal }), {
    refreshOn: ['run.', 'experiment.'],
    isEnabled: !isGone
  });
  if (isGone) return <EmptyState text={texts.__('The experiment was deleted. An MLflow client can restore it.')} />;
  if (experiment.data === undefined) return <QueryNotice query={experiment} />;
  const { name, runCount, createdBy, createdAt } = experiment.data;
  const remove = async (): Promise<void> => {
    const isAgreed = await confirmDestructive({
      title: texts.__('Delete the experiment %1?', name),
      verb: texts.__('Delete'),
      blastRadius: [
        texts._n('%1 run is moved out of sight with it; an MLflow client can restore both.', '%1 runs are moved out of sight with it; an MLflow client can restore all.', runCount)
      ],
      translator
    });
    if (!isAgreed) return;
    await client.deleteExperiment({ params });
    setGone(true);
  };
  return (
    <ObjectPage
      query={experiment}
      icon={modelIcon}
      name={name}
      chips={[texts.__('Experiment')]}
      owner={createdBy ?? undefined}
      createdAt={createdAt}
      more={[{ label: texts.__('Delete …'), onClick: () => void remove().catch((error: unknown) => setProblem(asProblem(error))), isDisabled: urn.name === '0' }]}
      lineage={problem === undefined ? undefined : <ProblemNotice problem={problem} />}
      tabs={[
        { id: 'runs', label: texts.__('Runs'), count: runCount, render: () => <RunsTab experiment={experiment.data} tenant={urn.tenant} chosen={chosen} onChosen={setChosen} /> },
        { id: 'compare', label: texts.__('Compare'), count: chosen.length, render: () => <CompareRuns tenant={urn.tenant} runs={chosen} /> },
        { id: 'use', label: texts.__('Log a run'), render: () => <SnippetMenu snippets={trackSnippets(stratalab.url, urn.tenant, name)} /> }
      ]}
    />
  );
}

interface RunsTabProps {
  readonly experiment: Experiment | undefined;
  readonly tenant: string;
  readonly chosen: readonly Run[];
  readonly onChosen: (runs: readonly Run[]) => void;
}

function RunsTab({ experiment, tenant, chosen, onChosen }: RunsTabProps): React.JSX.Element {
  const { commands, stratalab } = useSuite();
  const texts = useTexts();
  const client = useModels();
  const [sort, setSort] = React.useState<Sort>();
  const [filter, setFilter] = React.useState('');
  const order = orderOf(sort);
  const id = experiment?.id ?? '';
  const runs = usePages<Run>(
    `runs ${tenant} ${id} ${order ?? ''} ${filter}`,
    ({ cursor, signal }) =>
      client.listRuns(
        {
          params: { tenant },
          query: { experiment: id, ...(cursor === undefined ? {} : { cursor }), ...(order === undefined ? {} : { order }), ...(filter === '' ? {} : { filter }) }
        },
        { signal }
      ),
    ['run.']
  );
  const columns: readonly Column<Run>[] = [chooserColumn(chosen, onChosen, texts.__('Compare')), ...runColumns(runs.rows, texts)];
  return (
    <div className="jp-StrataModels-runs">
      <FilterBox onFilter={setFilter} />
      <VirtualTable
        key={columns.map(column => column.id).join('\n')}
        label={texts.__('Runs')}
        columns={columns}
        pages={runs}
        rowKey={run => run.id}
        sort={sort}
        onSort={setSort}
        onOpen={run => void commands.execute(shellCommands.openObject, { urn: run.urn })}
        empty={
          filter === '' ? (
            <>
              <EmptyState text={texts.__('No run yet. Log one from a notebook, a job or any program:')} />
              <SnippetMenu snippets={trackSnippets(stratalab.url, tenant, experiment?.name)} />
            </>
          ) : (
            <EmptyState text={texts.__('No run fits this filter.')} />
          )
        }
      />
    </div>
  );
}

/** A box per row; ticked rows are compared. */
function chooserColumn(chosen: readonly Run[], onChosen: (runs: readonly Run[]) => void, label: string): Column<Run> {
  const isChosen = (run: Run): boolean => chosen.some(({ id }) => id === run.id);
  const toggle = (run: Run): void => onChosen(isChosen(run) ? chosen.filter(({ id }) => id !== run.id) : [...chosen, run].slice(-mostCompared));
  return {
    id: 'choose',
    label,
    width: 84,
    text: run => (isChosen(run) ? '✓' : ''),
    render: run => <input type="checkbox" aria-label={`${label} ${run.name}`} checked={isChosen(run)} onChange={() => toggle(run)} />
  };
}

/** A filter in MLflow's words; applied on Enter. */
function FilterBox({ onFilter }: { readonly onFilter: (filter: string) => void }): React.JSX.Element {
  const texts = useTexts();
  const [text, setText] = React.useState('');
  return (
    <form
      className="jp-Strata-row"
      onSubmit={event => {
        event.preventDefault();
        onFilter(text.trim());
      }}
    >
      <input
        className="jp-mod-styled jp-StrataModels-filter"
        type="search"
        value={text}
        placeholder="metrics.loss < 0.2 and params.depth = '3'"
        aria-label={texts.__('Filter runs')}
        onChange={event => {
          setText(event.target.value);
          if (event.target.value === '') onFilter('');
        }}
      />
      <button className="jp-mod-styled" type="submit">
        {texts.__('Filter')}
      </button>
    </form>
  );
}
